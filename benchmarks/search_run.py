"""Three ways to analyse Arabic on one Elasticsearch, and what each finds, costs and needs."""

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, median, quantiles
from typing import Any, Final

from elasticsearch import Elasticsearch

from benchmarks.search_sets import Document, Pair, Query, TestSet
from ingest.document import MAPPINGS
from ingest.query import query as our_query
from workers.store.analysis import analysis

TOP: Final = 10
DEPTH: Final = 100
BULK: Final = 500
TIMED_QUERIES: Final = 200
PREFIX: Final = "bench-search-"
Measures = dict[str, float]
TEXT_FIELDS: Final = ("title", "body", "caption")


@dataclass(frozen=True, slots=True)
class Design:
    """One way to analyse text and to ask for it."""

    name: str
    analyzer: str
    search_analyzer: str
    query: Callable[[str], dict[str, Any]]

    @property
    def index(self) -> str:
        """The name of its index."""
        return PREFIX + self.name

    def mapping(self) -> dict[str, Any]:
        """Return our mapping with this design's analyzer at the stems; `.exact` and autocomplete stay ours."""
        ours = MAPPINGS["news-articles"]["properties"]
        stems = {"analyzer": self.analyzer, "search_analyzer": self.search_analyzer}
        return {"properties": {name: {**ours[name], **stems} for name in TEXT_FIELDS}}


def plain_query(text: str) -> dict[str, Any]:
    """Return the recipe for an index without `.exact` fields: the best that the study found for the peers."""
    return {"multi_match": {"query": text, "fields": list(TEXT_FIELDS), "type": "best_fields", "tie_breaker": 0.3}}


DESIGNS: Final = (
    Design("standard", "standard", "standard", plain_query),
    Design("stock", "arabic", "arabic", plain_query),
    Design("ours", "ar_news", "ar_news_search", our_query),
)


class Bench:
    """Indexes and asks on one node."""

    def __init__(self, client: Elasticsearch) -> None:
        self._client = client

    def create(self, design: Design) -> float:
        """Create the design's empty index; return the seconds it took."""
        self._client.options(ignore_status=404).indices.delete(index=design.index)
        settings = {"number_of_shards": 1, "number_of_replicas": 0, "refresh_interval": -1, "analysis": analysis()}
        start = time.perf_counter()
        self._client.indices.create(index=design.index, settings=settings, mappings=design.mapping())
        return time.perf_counter() - start

    def fill(self, design: Design, documents: Sequence[Document]) -> float:
        """Index the documents; return the node's CPU milliseconds for each."""
        before = self._cpu()
        for start in range(0, len(documents), BULK):
            lines: list[dict[str, Any]] = []
            for one in documents[start : start + BULK]:
                lines += [{"index": {"_id": one.id}}, {"title": one.title, "body": one.body}]
            answer = self._client.bulk(index=design.index, operations=lines)
            if answer["errors"]:
                raise RuntimeError(f"{design.name} refuses a document: {answer['items'][0]}")
        self._client.indices.refresh(index=design.index)
        return (self._cpu() - before) / len(documents)

    def size(self, design: Design) -> int:
        """Return the bytes of the index, merged into one segment."""
        self._client.options(request_timeout=300).indices.forcemerge(index=design.index, max_num_segments=1)
        self._client.indices.flush(index=design.index)
        return int(self._client.indices.stats(index=design.index)["_all"]["total"]["store"]["size_in_bytes"])

    def judge(self, design: Design, queries: Sequence[Query]) -> Measures:
        """Ask the queries; return mrr@10, ndcg@10, r@1 and r@100, means over them, and the number of queries."""
        found = [_measures(query, ids) for query, ids in zip(queries, self.answers(design, queries), strict=True)]
        return {name: round(mean(one[name] for one in found), 4) for name in found[0]} | {"queries": len(queries)}

    def answers(self, design: Design, queries: Sequence[Query]) -> Iterator[list[str]]:
        """Return the ids that each query finds, best first, without the ignored ones."""
        for start in range(0, len(queries), TOP):
            some = queries[start : start + TOP]
            searches: list[dict[str, Any]] = []
            for query in some:
                size = DEPTH + len(query.ignored)
                searches += [{}, {"query": design.query(query.text), "size": size, "_source": False}]
            answers = self._client.options(request_timeout=120).msearch(index=design.index, searches=searches)
            for query, answer in zip(some, answers["responses"], strict=True):
                ids = [hit["_id"] for hit in answer["hits"]["hits"]]
                yield [one for one in ids if one not in query.ignored][:DEPTH]

    def latency(self, design: Design, queries: Sequence[Query]) -> Measures:
        """Return the median and the 95th percentile of a search's milliseconds, one search at a time."""
        times = []
        for query in queries[:TIMED_QUERIES]:
            start = time.perf_counter()
            self._client.search(index=design.index, query=design.query(query.text), size=TOP, source=False)
            times.append((time.perf_counter() - start) * 1000)
        return {"p50_ms": round(median(times), 2), "p95_ms": round(quantiles(times, n=20)[-1], 2)}

    def found_pairs(self, design: Design, pairs: Sequence[Pair]) -> list[Pair]:
        """Return the pairs whose query, all its words wanted, finds the form in a document that is the form alone."""
        self.create(design)
        self.fill(design, [Document(str(number), pair.form) for number, pair in enumerate(pairs)])
        searches: list[dict[str, Any]] = []
        for number, pair in enumerate(pairs):
            wanted = {"match": {"body": {"query": pair.query, "operator": "and"}}}
            only = {"ids": {"values": [str(number)]}}
            searches += [{}, {"query": {"bool": {"must": [wanted], "filter": [only]}}, "size": 0}]
        answers = self._client.msearch(index=design.index, searches=searches)["responses"]
        return [pair for pair, one in zip(pairs, answers, strict=True) if one["hits"]["total"]["value"]]

    def drop(self) -> None:
        """Delete the benchmark's indices."""
        for design in DESIGNS:
            self._client.options(ignore_status=404).indices.delete(index=design.index)

    def _cpu(self) -> int:
        nodes = self._client.nodes.stats(metric="process")["nodes"]
        return sum(node["process"]["cpu"]["total_in_millis"] for node in nodes.values())


def costs(bench: Bench, documents: Sequence[Document], rounds: int) -> dict[str, Measures]:
    """Index the same documents with every design in turns; return medians of the rounds."""
    times: dict[str, list[float]] = {design.name: [] for design in DESIGNS}
    created: dict[str, list[float]] = {design.name: [] for design in DESIGNS}
    for _ in range(rounds + 1):
        for design in DESIGNS:
            created[design.name].append(bench.create(design))
            times[design.name].append(bench.fill(design, documents))
    stock = median(times["stock"][1:])  # the first round warms up
    return {
        design.name: {
            "cpu_ms_per_document": round(median(times[design.name][1:]), 3),
            "throughput_of_stock": round(stock / median(times[design.name][1:]), 3),
            "create_s": round(median(created[design.name]), 3),
            "bytes": bench.size(design),
        }
        for design in DESIGNS
    }


def judged(bench: Bench, test_set: TestSet) -> dict[str, dict[str, Measures]]:
    """Fill an index with each design and ask all queries; return the measures by design and set."""
    results: dict[str, dict[str, Measures]] = {}
    for design in DESIGNS:
        bench.create(design)
        bench.fill(design, test_set.documents)
        results[design.name] = {name: bench.judge(design, some) for name, some in test_set.queries.items()}
        results[design.name]["latency"] = bench.latency(design, next(iter(test_set.queries.values())))
    return results


def paired(bench: Bench, pairs: Sequence[Pair]) -> dict[str, dict[str, Any]]:
    """Return, for each design, how many pairs that match are found, how many that do not, and both lists' slips."""
    results: dict[str, dict[str, Any]] = {}
    for design in DESIGNS:
        found = bench.found_pairs(design, pairs)
        results[design.name] = {
            "found": sum(pair.matches for pair in found),
            "of": sum(pair.matches for pair in pairs),
            "false": sum(not pair.matches for pair in found),
            "of_false": sum(not pair.matches for pair in pairs),
            "slips": [f"{pair.query}/{pair.form}" for pair in pairs if (pair in found) != pair.matches],
        }
    return results


def _measures(query: Query, ids: Sequence[str]) -> Mapping[str, float]:
    ranks = [rank for rank, one in enumerate(ids, start=1) if one in query.relevant]
    wanted = len(query.relevant)
    gain = sum(1 / math.log2(rank + 1) for rank in ranks if rank <= TOP)
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(wanted, TOP) + 1))
    return {
        "mrr@10": 1 / ranks[0] if ranks and ranks[0] <= TOP else 0.0,
        "ndcg@10": gain / ideal,
        "r@1": sum(rank == 1 for rank in ranks) / wanted,
        "r@100": len(ranks) / wanted,
    }
