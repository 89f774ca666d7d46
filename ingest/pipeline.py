"""One page becomes one clean article, or an exception that says why not.

extract -> repair -> limits -> measure -> check, forward only. A step is a function Article -> Article; add
one by naming it in STEPS.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import accumulate
from typing import Any, Final

from ingest.arabic.repair import repair
from ingest.errors import Rejected
from ingest.extract import NO_RULES, extract
from ingest.extract.gate import check, title_overlap
from ingest.extract.language import ARABIC_SCRIPT, arabic_share, is_wanted, language_of
from ingest.extract.rules import SiteRules
from ingest.model import Article, Entry, Page, Source
from ingest.policy.rights import refuse_unlisted, withhold
from ingest.quality import Quality

MOST_BODY: Final = 1_000_000
"""Maximum characters of a body, about 2 MB: a very long novel; news articles have 3,000."""
MOST_TEXT: Final = 64 * 2**10
"""Characters of any other text, or of all that a list holds."""
TEXTS: Final = ("title", "summary", "subtitle", "caption", "credit", "section", "authors", "agencies", "tags")
ADDRESSES: Final = ("image", "canonical_url")
"""Fields that are emptied, not cut: half an address leads nowhere."""


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
    if page.truncated:
        article = replace(article, truncated=True)
    for step in STEPS:
        article = step(article)
    if not is_wanted(article.language, source.languages):
        raise Rejected("language", f"{article.language or 'unknown'}; the source wants {', '.join(source.languages)}")
    return article


def repair_text(article: Article) -> Article:
    """Repair every text that readers see: title, body, summary, caption, names.

    The language is asked for again unless it is one in Arabic script: what was broken had none of its letters.
    """
    body = repair(article.body)
    return replace(
        article,
        language=article.language if article.language in ARABIC_SCRIPT else language_of(article.language, body),
        title=repair(article.title),
        body=body,
        summary=repair(article.summary),
        subtitle=repair(article.subtitle),
        caption=repair(article.caption),
        credit=repair(article.credit),
        section=repair(article.section),
        authors=tuple(map(repair, article.authors)),
        agencies=tuple(map(repair, article.agencies)),
        tags=tuple(map(repair, article.tags)),
    )


def within_limits(article: Article) -> Article:
    """Reject oversized bodies and cut other overlong text, so that one page cannot hold up the others."""
    if len(article.body) > MOST_BODY:
        raise Rejected("too_long", f"its body has {len(article.body)} characters, {MOST_BODY} are the most")
    cut: dict[str, Any] = {name: _cut(value) for name in TEXTS if _is_long(value := getattr(article, name))}
    cut |= {name: "" for name in ADDRESSES if _is_long(getattr(article, name))}
    return replace(article, **cut) if cut else article


def measure(article: Article) -> Article:
    """Count the body's words, separated by white space, and complete the numbers of its quality."""
    quality = replace(
        article.quality or Quality(),
        arabic=round(arabic_share(article.body), 3),
        title=round(title_overlap(article.title, article.body), 3),
    )
    return replace(article, words=len(article.body.split()), quality=quality)


def _is_long(value: str | tuple[str, ...]) -> bool:
    return (len(value) if isinstance(value, str) else sum(map(len, value))) > MOST_TEXT


def _cut(value: str | tuple[str, ...]) -> str | tuple[str, ...]:
    """Return the beginning of a text, or the first ones of a list, as far as there is room."""
    if isinstance(value, str):
        return value[:MOST_TEXT]
    ends = accumulate(len(one) for one in value)
    return tuple(one for one, end in zip(value, ends, strict=True) if end <= MOST_TEXT)


STEPS: Final[tuple[Callable[[Article], Article], ...]] = (
    refuse_unlisted,
    repair_text,
    within_limits,
    measure,
    check,
    withhold,
)
