"""A small search engine in memory: the part of Elasticsearch's query language that the desk uses, over documents.

Words match as `ar_exact` folds them, and by their beginnings where stems are asked for: enough to see what a page does.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from ingest.arabic.fold import tokens
from ingest.document import ALIAS
from tests.fake_elastic import FakeElastic
from workers.store.articles import MARKS

Doc = Mapping[str, Any]
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
        found = [one for one in docs if matches(one, query)]
        if "published_at" in str(body.get("sort", "")):
            found.sort(key=lambda one: one.get("published_at", ""), reverse=True)
        shown = list({one.get("story", one.get("id")): one for one in reversed(found)}.values())[::-1]
        start = body.get("from", body.get("from_", 0))
        if (after := body.get("search_after")) is not None:
            start = next(place for place, one in enumerate(found) if one["id"] == after[0]) + 1
        shown = (shown if body.get("collapse") else found)[start:][: body.get("size", 10)]
        return {
            "hits": {"total": {"value": len(found)}, "hits": [self._hit(one, query) for one in shown]},
            "aggregations": {name: aggregated(found, one) for name, one in (body.get("aggs") or {}).items()},
            "suggest": {
                "words": [
                    self._options(word) for word in (body.get("suggest") or {}).get("words", {}).get("text", "").split()
                ]
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
                yield from tokens(one["query"] if name == "multi_match" else next(iter(one.values()))["query"])
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
    text = tokens(doc["title"])
    return all(any(word.startswith(begun) for word in text) for begun in tokens(clause["title.autocomplete"]["query"]))


def _terms(doc: Doc, clause: Mapping[str, Any]) -> bool:
    return all(set(values) & set(several_values(doc, name)) for name, values in clause.items())


def _range(doc: Doc, clause: Mapping[str, Any]) -> bool:
    ((name, bounds),) = clause.items()
    at = datetime.fromisoformat(doc[name]) if doc.get(name) else None
    return at is not None and all(
        at >= datetime.fromisoformat(limit) if bound == "gte" else at < datetime.fromisoformat(limit)
        for bound, limit in bounds.items()
    )


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
    inner = asked.get("aggs", {})
    if "filter" in asked:
        kept = [one for one in docs if matches(one, asked["filter"])]
        return {"doc_count": len(kept)} | {name: aggregated(kept, one) for name, one in inner.items()}
    if "terms" in asked:
        name = asked["terms"]["field"]
        counts = Counter(value for one in docs for value in several_values(one, name))
        return {
            "buckets": [
                {"key": key, "doc_count": n}
                | {
                    sub: aggregated([one for one in docs if key in several_values(one, name)], agg)
                    for sub, agg in inner.items()
                }
                for key, n in counts.most_common(asked["terms"]["size"])
            ]
        }
    unit = asked["date_histogram"]["calendar_interval"]
    zone = ZoneInfo(asked["date_histogram"]["time_zone"])
    dated = [datetime.fromisoformat(one["published_at"]).astimezone(zone) for one in docs if one.get("published_at")]
    times = Counter(at.strftime(UNITS[unit]) for at in dated)
    return {"buckets": [{"key_as_string": at, "doc_count": n} for at, n in sorted(times.items())]}
