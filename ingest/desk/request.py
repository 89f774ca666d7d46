"""What Elasticsearch is asked for a page of results: the hits, and beside them the facets and the histogram.

Two requests, because the second is the same for all pages and orders of a search: Elasticsearch remembers its answer.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ingest.desk.asked import FACETS, PER_PAGE, Asked
from ingest.desk.bars import Unit
from ingest.desk.span import Span
from ingest.desk.words import words
from ingest.query import COLLAPSED, Search, Sort, body, query, stems

FIELDS: Final = {
    "source": "host",
    "section": "section",
    "language": "language",
    "author": "authors",
    "agency": "agencies",
}
COUNTS: Final = "counts"
SHOWN: Final = 12
"""Values of a facet."""
NEWEST: Final = ({"published_at": {"order": "desc", "missing": "_last"}}, {"id": {"order": "asc"}})
NAMED: Final = ("host", "site", "source_id")
"""Where the name of a source may stand, as for `warraq search --source`."""


def hits(asked: Asked, within: Span) -> dict[str, Any]:
    """Return the arguments of the request for the hits of a page."""
    search = Search(words(asked.text).plain, exact=asked.exact, phrase=asked.phrase, sort=asked.sort, each=True)
    made = body(search)
    newest = {"sort": list(NEWEST)} if asked.sort is Sort.NEWEST or not search.text else {}
    return {
        "query": _query(asked, within, made["query"], chosen=FACETS),
        **newest,
        **({} if asked.each else {"collapse": {"field": COLLAPSED["field"]}}),
        "from": (asked.page - 1) * PER_PAGE,
        "size": PER_PAGE + 1,  # whether there is a next page
        "track_total_hits": True,
    }


def everything(asked: Asked, within: Span) -> dict[str, Any]:
    """Return the query for all articles that a search finds: what is exported, followed or counted."""
    search = Search(words(asked.text).plain, exact=asked.exact, phrase=asked.phrase, each=True)
    return _query(asked, within, body(search)["query"], chosen=FACETS)


def marks(asked: Asked) -> dict[str, Any]:
    """Return what is marked in the hits, as arguments of `highlight`; {} = what the query matches.

    Of words that need not stand as written those alone that count: «في» is in every text.
    """
    found = words(asked.text)
    if asked.exact or asked.phrase or not found.plain:
        return {}
    return {"highlight_query": {"bool": {"should": [stems(found.plain), *map(_phrase, found.phrases)]}}}


def told(asked: Asked, within: Span, stories: tuple[str, ...]) -> dict[str, Any]:
    """Return the request that counts the articles of some stories that a search finds."""
    wanted = {"bool": {"must": [everything(asked, within)], "filter": [{"terms": {"story": list(stories)}}]}}
    return {"query": wanted, "size": 0, "aggs": {"story": {"terms": {"field": "story", "size": len(stories)}}}}


def beside(asked: Asked, within: Span, units: tuple[Unit, ...], zone: str) -> dict[str, Any]:
    """Return the request for facets and histogram.

    What is chosen in a facet narrows all others, not itself: one may choose a second value.
    """
    search = Search(words(asked.text).plain, exact=asked.exact, phrase=asked.phrase, each=True)
    counts = {name: _within(asked, name, _terms(name)) for name in FACETS}
    counts |= {unit: _within(asked, "", _histogram(unit, zone)) for unit in units}
    return {
        "query": _query(asked, within, body(search)["query"], chosen=()),
        "size": 0,
        "track_total_hits": False,
        "aggs": counts,
    }


def buckets(beside: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    """Return the counts of a facet, or of a unit of the histogram, from the answer."""
    found = beside["aggregations"][name]
    counts: Sequence[Mapping[str, Any]] = found.get(COUNTS, found)["buckets"]
    return counts


def _within(asked: Asked, besides: str, counts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an aggregation within what is chosen in other facets; a filter that lets all pass is not free."""
    filters = _chosen(asked, tuple(name for name in FACETS if name != besides))
    return {"filter": {"bool": {"filter": filters}}, "aggs": {COUNTS: counts}} if filters else counts


def _histogram(unit: Unit, zone: str) -> dict[str, Any]:
    wanted = {"field": "published_at", "calendar_interval": unit, "time_zone": zone, "min_doc_count": 1}
    return {"date_histogram": wanted}


def _terms(facet: str) -> dict[str, Any]:
    return {"terms": {"field": FIELDS[facet], "size": SHOWN}}


def _query(asked: Asked, within: Span, plain: Mapping[str, Any], *, chosen: tuple[str, ...]) -> dict[str, Any]:
    found = words(asked.text)
    must = [plain] if found.plain else []
    must += map(_phrase, found.phrases)
    made: dict[str, list[Any]] = {
        "must": must,
        "must_not": [_without(one) for one in found.without],
        "filter": _times(within),
    }
    made["filter"] = [*made["filter"], *_chosen(asked, chosen)]
    clauses = {name: found for name, found in made.items() if found}
    return {"bool": clauses} if clauses else {"match_all": {}}


def _phrase(text: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = body(Search(text, exact=True, phrase=True, each=True))["query"]
    return found


def _without(text: str) -> Mapping[str, Any]:
    return _phrase(text) if " " in text else query(text)


def _times(within: Span) -> list[dict[str, Any]]:
    bounds = {name: at.isoformat() for name, at in (("gte", within.start), ("lt", within.end)) if at}
    return [{"range": {"published_at": bounds}}] if bounds else []


def _chosen(asked: Asked, names: tuple[str, ...]) -> list[dict[str, Any]]:
    return [_one_of(name, values) for name, values in asked.facets.items() if values and name in names]


def _one_of(facet: str, values: tuple[str, ...]) -> dict[str, Any]:
    if facet != "source":
        return {"terms": {FIELDS[facet]: list(values)}}
    return {"bool": {"should": [{"terms": {name: list(values)}} for name in NAMED]}}
