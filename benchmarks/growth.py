"""`python -m benchmarks.growth`: does an article cost more when there is more already? Sources, then documents.

The index is filled directly to each size and the pipeline then takes the same number of new articles, which are removed
again. Sources beyond the newsroom's own are polled every ten minutes, each at a moment of its own, and list nothing
new. Their polls are part of the cost, and their delays are told. Cost is CPU: all our processes, and Elasticsearch.
Every size gets `--rounds` rounds, the cheapest counts: what others do on the machine only adds.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from elasticsearch import helpers

from benchmarks.pipeline import load
from benchmarks.pipeline.corpus import Story, corpus, default
from benchmarks.pipeline.load import Phase, Watch
from benchmarks.pipeline.newsroom import FEED_ITEMS, Newsroom
from benchmarks.pipeline.quiet import QuietSources, summary
from benchmarks.pipeline.report import machine, pipeline_ms
from benchmarks.pipeline.rig import Rig, source_of
from deploy.local import places
from ingest.document import ALIAS, LEDGER, RECORD, document, index_of
from ingest.ledger.record import State
from ingest.ledger.transitions import admitted, ended
from ingest.model import Article, Entry

DOCUMENTS: Final = (1_000, 10_000, 100_000)
SOURCES: Final = (100, 1_000, 10_000)
HOSTS: Final = 100
MOST: Final = 1.15
"""Cost at the largest size against the smallest: what counts as flat."""
OLD: Final = "http://old"
"""How the URLs of documents begin that are there beforehand."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What an article costs at one size, in CPU milliseconds, and how many a second came through."""

    pipeline: float
    elasticsearch: float
    per_s: float

    @property
    def together(self) -> float:
        """All CPU."""
        return self.pipeline + self.elasticsearch


Costs = dict[int, Cost]


def main(words: Sequence[str] | None = None) -> int:
    """Return 1 if the cost of an article does not stay flat."""
    arguments = _arguments(words)
    told = corpus(arguments.corpus)
    rig = Rig()
    with Newsroom(rig.home.with_name(f"{rig.home.name}-pages"), told, HOSTS) as newsroom, rig:
        rig.add_sources([newsroom.feed_url(host) for host in range(HOSTS)])
        watch = Watch(rig)
        work = _Work(rig, newsroom, watch, arguments.articles, arguments.rounds)
        work.cost(0)  # warm up
        quiet = QuietSources(rig, newsroom.port)
        by_sources: Costs = {}
        delays: dict[int, dict[str, float]] = {}
        for count in arguments.sources:
            by_sources[count] = work.cost(quiet.grow(count))
            delays[count] = summary(quiet.delays_s())
            _tell(count, "sources", by_sources[count], delays[count])
        by_documents: Costs = {}
        for count in arguments.documents:
            by_documents[count] = work.cost(fill(rig, told, count))
            _tell(count, "documents", by_documents[count])
    costs: dict[str, Costs] = {"sources": by_sources, "documents": by_documents}
    _write(arguments.out, costs, delays)
    for what, found in costs.items():
        print(f"largest to smallest number of {what}: {growth(found):.2f}")
    return int(any(growth(found) > MOST for found in costs.values()))


def growth(costs: Mapping[int, Cost]) -> float:
    """Return the whole cost at the largest size against that at the smallest."""
    return costs[max(costs)].together / costs[min(costs)].together


def _tell(count: int, what: str, cost: Cost, delays: Mapping[str, float] = MappingProxyType({})) -> None:
    late = f", seconds from due to polled: {dict(delays)}" if delays else ""
    ms = f"{cost.pipeline:.2f} + {cost.elasticsearch:.2f} ms CPU an article"
    print(f"{count:,} {what}: {ms}, {cost.per_s:.1f} articles a second{late}", flush=True)


class _Work:
    """The same work again and again."""

    def __init__(self, rig: Rig, newsroom: Newsroom, watch: Watch, articles: int, rounds: int) -> None:
        self._rig, self._newsroom, self._watch = rig, newsroom, watch
        self._articles, self._rounds = articles, rounds

    def cost(self, _: int) -> Cost:
        """Return what an article costs in the cheapest round."""
        phases = [self._once() for _ in range(self._rounds)]
        costs = [Cost(pipeline_ms(phase), phase.cpu_ms()["elasticsearch"], phase.per_s) for phase in phases]
        return min(costs, key=lambda cost: cost.together)

    def _once(self) -> Phase:
        batches = self._newsroom.print(self._articles, FEED_ITEMS)
        phase = load.run(self._rig, self._newsroom, self._watch, batches, name="growth", rate=0)
        _forget(self._rig)
        return phase


def _forget(rig: Rig) -> None:
    """Remove what a round has brought, so that the next one finds the same size."""
    rig.client.indices.refresh(index=f"{ALIAS}-*")
    for index in (ALIAS, LEDGER):
        brought = {"bool": {"must_not": [{"prefix": {"url": OLD}}]}}
        rig.client.options(request_timeout=120).delete_by_query(index=index, query=brought, refresh=True)


def fill(rig: Rig, told: Iterator[Story], count: int) -> int:
    """See that there are `count` documents, each with its record, before anything is measured."""
    have = int(rig.client.count(index=ALIAS)["count"])
    stories = islice(told, max(count - have, 0))
    actions = (action for number, story in enumerate(stories, have) for action in _actions(rig, story, number))
    for _ in helpers.streaming_bulk(rig.client, actions, chunk_size=400):
        pass
    rig.client.indices.refresh(index=f"{ALIAS}-*")
    return count


def _actions(rig: Rig, story: Story, number: int) -> Iterator[dict[str, Any]]:
    url, now = f"{OLD}{number % 997}.invalid/{number}.html", rig.rt.now()
    source = source_of(f"{OLD}{number % 997}.invalid/feed.xml")
    record = ended(admitted(source, Entry(url), now), State.INDEXED, now)
    at = now - timedelta(minutes=5 * number)
    article = Article(record.id, url, story.title, "\n".join(story.paragraphs), admitted_at=now, source_id=source.id)
    yield {
        "_index": index_of(record),
        "_id": record.id,
        "_source": document(replace(article, words=len(story.paragraphs), published_at=at)),
    }
    yield {"_index": LEDGER, "_id": record.id, "_source": RECORD.dump_python(record, mode="json")}


def _write(folder: Path, costs: Mapping[str, Costs], delays: Mapping[int, Mapping[str, float]]) -> None:
    """Write growth.json and growth.svg."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "growth.json").write_text(
        json.dumps({"machine": machine(), "cost": costs, "poll_delay_s": delays}, indent=1, default=asdict) + "\n"
    )
    from matplotlib.figure import Figure  # noqa: PLC0415  # half a second, and only the picture needs it

    figure = Figure(figsize=(9, 3.6), layout="constrained")
    for axes, (what, found) in zip(figure.subplots(1, len(costs), sharey=True), costs.items(), strict=True):
        for part in ("pipeline", "elasticsearch"):
            axes.plot(list(found), [getattr(one, part) for one in found.values()], marker="o", label=part)
        axes.plot(list(found), [one.together for one in found.values()], marker="o", color="black", label="together")
        axes.set(
            xscale="log",
            ylim=(0, None),
            xlabel=f"{what} already there",
            title=f"largest to smallest {growth(found):.2f}",
        )
        axes.grid(visible=True, alpha=0.3)
        axes.legend()
    figure.supylabel("CPU ms an article")
    figure.savefig(folder / "growth.svg", metadata={"Date": None})


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--documents", type=int, nargs="+", default=DOCUMENTS)
    parser.add_argument("--sources", type=int, nargs="+", default=SOURCES)
    parser.add_argument("--articles", type=int, default=2000, help="of one round (%(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="of each size (%(default)s)")
    parser.add_argument("--corpus", type=Path, default=default(), help="JSON lines, or a folder of them (generated)")
    parser.add_argument("--out", type=Path, default=places.CHECKOUT / "docs")
    arguments = parser.parse_args(words)
    if arguments.articles > HOSTS * FEED_ITEMS:
        parser.error(f"{HOSTS} feeds of {FEED_ITEMS} items do not list {arguments.articles} articles")
    return arguments


if __name__ == "__main__":
    sys.exit(main())
