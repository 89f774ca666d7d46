"""A small search engine in memory: the part of Elasticsearch's query language that the desk uses, over documents.

Words match as `ar_exact` folds them, and by their beginnings where stems are asked for: enough to see what a page does.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from operator import ge, le, lt
from typing import Any, Final
from zoneinfo import ZoneInfo

from ingest.arabic.fold import tokens
from ingest.document import ALIAS
from tests.fake_elastic import FakeElastic
from workers.store.articles import MARKS

Doc = Mapping[str, Any]
FUNCTION_WORDS: Final = {"في", "من", "على", "عن"}
UNITS: Final = {"hour": "%Y-%m-%dT%H:00:00%z", "day": "%Y-%m-%dT00:00:00%z", "month": "%Y-%m-01T00:00:00%z"}


@dataclass
class FakeNews(FakeElastic):
    """Documents that can be searched."""

    docs: list[dict[str, Any]] = field(default_factory=list)
    asked: list[Mapping[str, Any]] = field(default_factory=list)
    """The bodies of all searches, as they were sent."""
    like: dict[str, str] = field(default_factory=dict)
    """What the suggester offers for a word."""
    points: int = 0
    """Moments that are kept open."""

    def search(self, index: Any = ALIAS, **body: Any) -> dict[str, Any]:
        self.asked.append(body)
        if index != ALIAS:
            return self._answer([found for _, found in self.indexed(index).values()], body)
        return self._answer(self.docs, body)

    def open_point_in_time(self, index: str, keep_alive: str) -> dict[str, Any]:
        assert index, keep_alive
        self.points += 1
        return {"id": f"point {self.points}"}

    def close_point_in_time(self, id: str) -> None:  # noqa: A002  # the client's name for it
        assert id
        self.points -= 1

    def msearch(self, searches: Sequence[Mapping[str, Any]], index: str = ALIAS) -> dict[str, Any]:
        return {"responses": [self.search(index, **body) for body in searches[1::2]]}

    def _answer(self, docs: Iterable[Doc], body: Mapping[str, Any]) -> dict[str, Any]:
        query = body.get("query") or {"match_all": {}}
        marked = (body.get("highlight") or {}).get("highlight_query", query)
        found = [one for one in docs if matches(one, query)]
        if "published_at" in str(body.get("sort", "")):
            found.sort(key=lambda one: one.get("published_at", ""), reverse=True)
        shown = list({one.get("story", one.get("id")): one for one in reversed(found)}.values())[::-1]
        start = body.get("from", body.get("from_", 0))
        if (after := body.get("search_after")) is not None:
            start = next(place for place, one in enumerate(found) if one["id"] == after[0]) + 1
        shown = (shown if body.get("collapse") else found)[start:][: body.get("size", 10)]
        return {
            "hits": {"total": {"value": len(found)}, "hits": [self._hit(one, marked) for one in shown]},
            "aggregations": {name: aggregated(found, one) for name, one in (body.get("aggs") or {}).items()},
            "suggest": {
                name: [self._options(word) for word in asked["text"].split()]
                for name, asked in (body.get("suggest") or {}).items()
            },
        }

    def _options(self, word: str) -> dict[str, Any]:
        return {"text": word, "options": [{"text": self.like[word], "score": 0.8}] if word in self.like else []}

    def _hit(self, doc: Doc, query: Mapping[str, Any]) -> dict[str, Any]:
        words = set(wanted(query))
        hit: dict[str, Any] = {"_id": doc["id"], "_score": 1.0, "_source": deepcopy(dict(doc)), "sort": [doc["id"]]}
        marked = {name: [highlighted(doc.get(name, ""), words)] for name in ("title", "body")}
        hit["highlight"] = {
            name: texts
            for name, texts in marked.items()
            if MARKS[0] in texts[0] or (name == "body" and doc.get("body"))
        }
        return hit


def wanted(query: Any) -> Iterable[str]:
    """Yield the words that a query asks for, wherever they stand in it."""
    if isinstance(query, list):
        for one in query:
            yield from wanted(one)
    elif isinstance(query, Mapping):
        for name, one in query.items():
            if name in {"multi_match", "match"}:
                found = tokens(one["query"] if name == "multi_match" else next(iter(one.values()))["query"])
                stems = name == "multi_match" and not one["fields"][0].endswith(".exact")
                yield from (word for word in found if not (stems and word in FUNCTION_WORDS))
            elif name != "must_not":
                yield from wanted(one)


def highlighted(text: str, words: set[str]) -> str:
    return " ".join(
        f"{MARKS[0]}{one}{MARKS[1]}" if any(map(words.__contains__, tokens(one))) else one for one in text.split()[:40]
    )


def matches(doc: Doc, query: Mapping[str, Any]) -> bool:
    ((kind, clause),) = query.items()
    if kind == "bool":
        return (
            all(matches(doc, one) for name in ("must", "filter") for one in several(clause.get(name)))
            and not any(matches(doc, one) for one in several(clause.get("must_not")))
            and (
                bool(clause.get("must") or clause.get("filter"))
                or any(matches(doc, one) for one in several(clause.get("should")))
            )
        )
    return bool(KINDS[kind](doc, clause))


def several(clauses: Any) -> list[Any]:
    return clauses if isinstance(clauses, list) else [clauses] if clauses else []


def _multi_match(doc: Doc, clause: Mapping[str, Any]) -> bool:
    words = tokens(clause["query"])
    text = tokens(" ".join(str(doc.get(name, "")) for name in ("title", "body", "caption")))
    if clause["type"] == "phrase":
        return bool(words) and f" {' '.join(words)} " in f" {' '.join(text)} "
    stems = not clause["fields"][0].endswith(".exact")
    there = [any(one == word or (stems and one.endswith(word)) for one in text) for word in words]
    return bool(there) and (all(there) if clause.get("operator") == "and" else any(there))


def _autocomplete(doc: Doc, clause: Mapping[str, Any]) -> bool:
    text = tokens(doc.get("title", ""))
    return all(any(word.startswith(begun) for word in text) for begun in tokens(clause["title.autocomplete"]["query"]))


def _terms(doc: Doc, clause: Mapping[str, Any]) -> bool:
    return all(set(values) & set(several_values(doc, name)) for name, values in clause.items())


def _range(doc: Doc, clause: Mapping[str, Any]) -> bool:
    ((name, bounds),) = clause.items()
    at = moment(doc[name]) if doc.get(name) else None
    limits = {bound: moment(limit, end=bound == "lte") for bound, limit in bounds.items() if bound in BOUNDS}
    return at is not None and all(BOUNDS[bound](at, limit) for bound, limit in limits.items())


def moment(limit: Any, *, end: bool = False) -> datetime:
    """Return a time as Elasticsearch reads it: a day is its first moment or, as an upper bound, its last."""
    found = limit if isinstance(limit, datetime) else datetime.fromisoformat(limit)
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    return found + timedelta(days=1, microseconds=-1) if end and len(str(limit)) == len("2026-07-01") else found


BOUNDS: Final[Mapping[str, Any]] = {"gte": ge, "lt": lt, "lte": le}


def several_values(doc: Doc, name: str) -> list[str]:
    value = doc.get(name)
    return list(value) if isinstance(value, list | tuple) else [value] if value else []


KINDS: Final[Mapping[str, Any]] = {
    "match_all": lambda _, __: True,
    "multi_match": _multi_match,
    "match": _autocomplete,
    "function_score": lambda doc, clause: matches(doc, clause["query"]),
    "terms": _terms,
    "term": lambda doc, clause: _terms(doc, {name: [value] for name, value in clause.items()}),
    "exists": lambda doc, clause: bool(doc.get(clause["field"])),
    "ids": lambda doc, clause: doc["id"] in clause["values"],
    "range": _range,
}


def aggregated(docs: Sequence[Doc], asked: Mapping[str, Any]) -> dict[str, Any]:
    kind = next(name for name in asked if name != "aggs")
    found: dict[str, Any] = AGGS[kind](docs, asked[kind], asked.get("aggs", {}))
    return found


def _filter(docs: Sequence[Doc], clause: Mapping[str, Any], inner: Mapping[str, Any]) -> dict[str, Any]:
    kept = [one for one in docs if matches(one, clause)]
    return {"doc_count": len(kept)} | {name: aggregated(kept, one) for name, one in inner.items()}


def _filters(docs: Sequence[Doc], clause: Mapping[str, Any], _: Mapping[str, Any]) -> dict[str, Any]:
    return {"buckets": {name: _filter(docs, query, {}) for name, query in clause["filters"].items()}}


def _by_value(docs: Sequence[Doc], clause: Mapping[str, Any], inner: Mapping[str, Any]) -> dict[str, Any]:
    counts = Counter(value for one in docs for value in several_values(one, clause["field"]))
    buckets = []
    for key, n in counts.most_common(clause["size"]):
        kept = [one for one in docs if key in several_values(one, clause["field"])]
        buckets.append({"key": key, "doc_count": n} | {name: aggregated(kept, one) for name, one in inner.items()})
    return {"buckets": buckets}


def _composite(docs: Sequence[Doc], clause: Mapping[str, Any], _: Mapping[str, Any]) -> dict[str, Any]:
    names = [next(iter(one)) for one in clause["sources"]]
    counts = Counter(tuple(one.get(name) for name in names) for one in docs)
    return {"buckets": [{"key": dict(zip(names, key, strict=True)), "doc_count": n} for key, n in counts.items()]}


def _min(docs: Sequence[Doc], clause: Mapping[str, Any], _: Mapping[str, Any]) -> dict[str, Any]:
    times = [one[clause["field"]] for one in docs if one.get(clause["field"])]
    return {"value": datetime.fromisoformat(min(times)).timestamp() * 1000 if times else None}


def _top_hits(docs: Sequence[Doc], clause: Mapping[str, Any], _: Mapping[str, Any]) -> dict[str, Any]:
    newest = sorted(docs, key=lambda one: str(one["published_at"]), reverse=True)[: clause["size"]]
    return {"hits": {"hits": [{"_id": one["id"], "_source": dict(one)} for one in newest]}}


def _date_histogram(docs: Sequence[Doc], clause: Mapping[str, Any], _: Mapping[str, Any]) -> dict[str, Any]:
    zone, form = ZoneInfo(clause["time_zone"]), UNITS[clause["calendar_interval"]]
    dated = [datetime.fromisoformat(one["published_at"]).astimezone(zone) for one in docs if one.get("published_at")]
    times = Counter(at.strftime(form) for at in dated)
    return {"buckets": [{"key_as_string": at, "doc_count": n} for at, n in sorted(times.items())]}


AGGS: Final[Mapping[str, Any]] = {
    "composite": _composite,
    "date_histogram": _date_histogram,
    "filter": _filter,
    "filters": _filters,
    "min": _min,
    "terms": _by_value,
    "top_hits": _top_hits,
}
