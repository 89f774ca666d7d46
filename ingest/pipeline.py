"""The heart: one page becomes one clean article, or one exception says why not.

extract -> repair -> measure -> check, forward only. A step is a function Article -> Article; add one by naming it in
STEPS.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from ingest.arabic.repair import repair
from ingest.extract import NO_RULES, extract
from ingest.extract.gate import check, title_overlap
from ingest.extract.language import arabic_share
from ingest.extract.rules import SiteRules
from ingest.model import Article, Entry, Page, Quality, Source
from ingest.policy.rights import refuse_unlisted, withhold


def process(
    source: Source,
    entry: Entry,
    page: Page,
    *,
    rules: Mapping[str, SiteRules] = NO_RULES,
    seen: frozenset[int] = frozenset(),
) -> Article:
    """Return the clean article of a page. Raises Rejected or Permanent with the reason.

    `rules` and `seen` are what the edge knows of the host: see extract().
    """
    article = extract(source, entry, page, rules=rules, seen=seen)
    for step in STEPS:
        article = step(article)
    return article


def repair_text(article: Article) -> Article:
    """Repair every text that readers see: title, body, summary, caption, names."""
    return replace(
        article,
        title=repair(article.title),
        body=repair(article.body),
        summary=repair(article.summary),
        subtitle=repair(article.subtitle),
        caption=repair(article.caption),
        credit=repair(article.credit),
        section=repair(article.section),
        authors=tuple(map(repair, article.authors)),
        agencies=tuple(map(repair, article.agencies)),
        tags=tuple(map(repair, article.tags)),
    )


def measure(article: Article) -> Article:
    """Count the body's words, separated by white space, and complete the numbers of its quality."""
    quality = replace(
        article.quality or Quality(),
        arabic=round(arabic_share(article.body), 3),
        title=round(title_overlap(article.title, article.body), 3),
    )
    return replace(article, words=len(article.body.split()), quality=quality)


STEPS: Final[tuple[Callable[[Article], Article], ...]] = (refuse_unlisted, repair_text, measure, check, withhold)
