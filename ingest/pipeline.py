"""The heart: one page becomes one clean article, or one exception says why not.

extract -> repair -> check, forward only. A step is a function Article -> Article; add one by naming it in STEPS.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from ingest.arabic.repair import repair
from ingest.extract import extract
from ingest.extract.gate import check
from ingest.model import Article, Entry, Page, Source
from ingest.rights import refuse_unlisted, withhold


def process(source: Source, entry: Entry, page: Page) -> Article:
    """Return the clean article of a page. Raises Rejected or Permanent with the reason."""
    article = extract(source, entry, page)
    for step in STEPS:
        article = step(article)
    return article


def repair_text(article: Article) -> Article:
    """Repair what a reader reads: title, body, summary, caption, names."""
    return replace(
        article,
        title=repair(article.title),
        body=repair(article.body),
        summary=repair(article.summary),
        caption=repair(article.caption),
        section=repair(article.section),
        authors=tuple(map(repair, article.authors)),
        tags=tuple(map(repair, article.tags)),
    )


def count_words(article: Article) -> Article:
    """Count the body's words, as white space parts them."""
    return replace(article, words=len(article.body.split()))


STEPS: Final[tuple[Callable[[Article], Article], ...]] = (refuse_unlisted, repair_text, count_words, check, withhold)
