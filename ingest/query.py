"""Queries over the documents: what `warraq search` sends and docs/search.md recommends."""

import re
from dataclasses import KW_ONLY, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NewType

STEMS: Final = ("title", "body", "caption")
EXACT: Final = ("title.exact", "body.exact", "caption.exact")
TIE_BREAKER: Final = 0.5
"""How much the second field adds where the first matches: best on headlines, between the best alone and the sum."""
EXACT_BOOST: Final = 0.3
FOREIGN: Final = {"bool": {"filter": {"exists": {"field": "language"}}, "must_not": {"term": {"language": "ar"}}}}
"""Articles in another language than Arabic: their words have no Arabic stems."""
RECENT_SCALE: Final = "5d"
RECENT_WEIGHT: Final = 0.5
"""A story of today counts half as much again as an old one; five days old, a quarter as much again."""
OTHERS: Final = "others"
NEWEST_FIRST: Final = ({"published_at": {"order": "desc", "missing": "_last"}}, "_score")
COLLAPSED: Final[dict[str, Any]] = {"field": "story", "inner_hits": {"name": OTHERS, "size": 0}}
"""One hit of each story; its inner hits count the articles of it that match."""


SourceName = NewType("SourceName", str)
"""The id of a source or its first 12 digits, or the site's name or host; a type of its own, so that mypy tells it from
the other words of a search."""
ANY_SOURCE: Final = SourceName("")
_ID: Final = re.compile("[0-9a-f]{12,32}")


class Sort(StrEnum):
    """The order of hits."""

    BEST = "best"
    """By relevance alone."""
    RECENT = "recent"
    """By relevance, the more recent of two like ones first."""
    NEWEST = "newest"
    """By time of publication alone."""


@dataclass(frozen=True, slots=True)
class Search:
    """What a person asks for."""

    text: str
    _: KW_ONLY
    exact: bool = False
    """Whether all words must occur as written: folded, but not stemmed."""
    phrase: bool = False
    """Whether the words must occur side by side, in this order."""
    since: datetime | None = None
    """They were published then or later."""
    source: SourceName = ANY_SOURCE
    sort: Sort = Sort.BEST
    each: bool = False
    """Whether each article of a story is a hit; otherwise its best one stands for all."""
    old: bool = False
    """Whether earlier versions are searched too."""


def query(text: str) -> dict[str, Any]:
    """Return the documented query: title and body by stem, with a bonus for the exact form.

    Articles in other languages are asked for the exact form alone.
    """
    must = _by_language(_matches(text, STEMS), _matches(text, EXACT))
    return {"bool": {"must": [must], "should": [_matches(text, EXACT, boost=EXACT_BOOST)]}}


def stems(text: str) -> dict[str, Any]:
    """Return the query by stem alone: function words, which the analyzer leaves out, are not among what it matches."""
    return _matches(text, STEMS)


def body(search: Search) -> dict[str, Any]:
    """Return the arguments of a search request: `query`, `sort` where it is not the score's, and `collapse`."""
    asked = _words(search)
    if filters := _filters(search):
        asked = {"bool": {"must": [asked], "filter": filters}}
    if search.sort is Sort.RECENT:
        asked = recent(asked)
    ordered = {"sort": list(NEWEST_FIRST)} if search.sort is Sort.NEWEST else {}
    return {"query": asked, **ordered, **({} if search.each else {"collapse": COLLAPSED})}


def recent(asked: dict[str, Any]) -> dict[str, Any]:
    """Return a query that lifts recent articles."""
    fresh = {"gauss": {"published_at": {"origin": "now", "scale": RECENT_SCALE}}, "weight": RECENT_WEIGHT}
    return {"function_score": {"query": asked, "functions": [fresh, {"weight": 1}], "score_mode": "sum"}}


def _words(search: Search) -> dict[str, Any]:
    if search.phrase:
        exact = _matches(search.text, EXACT, type="phrase")
        return exact if search.exact else _by_language(_matches(search.text, STEMS, type="phrase"), exact)
    return _matches(search.text, EXACT, operator="and") if search.exact else query(search.text)


def _by_language(arabic: dict[str, Any], foreign: dict[str, Any]) -> dict[str, Any]:
    """Return a query that asks Arabic articles one thing and those in other languages another."""
    asked = [{"bool": {"must": arabic, "must_not": FOREIGN}}, {"bool": {"must": foreign, "filter": FOREIGN}}]
    return {"bool": {"should": asked}}


def _matches(text: str, fields: tuple[str, ...], **options: Any) -> dict[str, Any]:  # noqa: ANN401  # as JSON has it
    match = {"query": text, "fields": list(fields), "type": "best_fields", "tie_breaker": TIE_BREAKER}
    return {"multi_match": match | options}


def _filters(search: Search) -> list[dict[str, Any]]:
    filters: list[dict[str, Any]] = []
    if search.since:
        filters.append({"range": {"published_at": {"gte": search.since.isoformat()}}})
    if search.source:
        named = [{"term": {name: search.source}} for name in ("site", "host")]
        if _ID.fullmatch(search.source):
            named.append({"prefix": {"source_id": search.source}})
        filters.append({"bool": {"should": named}})
    return filters
