"""`python -m benchmarks.upkeep`: what retention and backup cost a running stack, in articles a second.

Rounds of the same load in pairs, one after the other: beside every second one, retention removes a month of as many
articles as come in, with what their records say, and a backup is made: once in some hundred articles, not in a day's.
The median of the pairs' ratios is told.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import count, islice
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from time import monotonic, sleep
from typing import Any, Final

from elasticsearch import helpers

from benchmarks.pipeline import load
from benchmarks.pipeline.corpus import Story, corpus, default
from benchmarks.pipeline.load import Watch
from benchmarks.pipeline.newsroom import FEED_ITEMS, Newsroom
from benchmarks.pipeline.report import pipeline_ms
from benchmarks.pipeline.rig import Rig, source_of
from ingest.document import LEDGER, RECORD, document, index_of
from ingest.ledger.record import State
from ingest.ledger.transitions import admitted, ended
from ingest.model import Article, Entry
from workers.runtime import build
from workers.settings import Settings
from workers.steps.backup import make
from workers.steps.operator import keeper
from workers.steps.retention import go
from workers.store.indices import ARTICLE_KIND
from workers.store.keys import RETENTION_KEY

HOSTS: Final = 20
AGE: Final = timedelta(days=400)
KEPT: Final[Mapping[str, Any]] = {"keep_articles_days": 365, "keep_ledger_days": 365, "backup_keep": 2}
LEAST: Final = 0.9


def main(words: Sequence[str] | None = None) -> int:
    """Return 1 if they cost more than a tenth of the articles a second."""
    arguments = _arguments(words)
    told = corpus(arguments.corpus)
    rig = Rig()
    with Newsroom(rig.home.with_name(f"{rig.home.name}-pages"), told, HOSTS) as newsroom, rig:
        rig.add_sources([newsroom.feed_url(host) for host in range(HOSTS)])
        watch, ratios = Watch(rig, ARTICLE_KIND.index(rig.rt.now())), list[float]()
        _round(rig, newsroom, watch, arguments.articles, "warm up")
        for _ in range(arguments.pairs):
            alone = _round(rig, newsroom, watch, arguments.articles, "alone")
            _age(rig, told, arguments.articles)
            with _upkeep(rig.home):
                beside = _round(rig, newsroom, watch, arguments.articles, "beside retention and backup")
            ratios.append(beside / alone)
    print(f"beside to alone, median of {len(ratios)}: {median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
    return int(median(ratios) < LEAST)


def _round(rig: Rig, newsroom: Newsroom, watch: Watch, articles: int, name: str) -> float:
    phase = load.run(rig, newsroom, watch, newsroom.print(articles, FEED_ITEMS), name=name, rate=0)
    lost = f", {phase.published - phase.searchable} NOT FOUND" if phase.searchable < phase.published else ""
    print(f"{name}: {phase.per_s:.1f} articles a second, {pipeline_ms(phase):.1f} ms of ours each{lost}", flush=True)
    return phase.per_s


def _age(rig: Rig, told: Iterator[Story], old: int) -> None:
    """Have some articles that are too old, in a month of their own, which the round before has dropped."""
    month = ARTICLE_KIND.index(rig.rt.now() - AGE)
    rig.client.options(ignore_status=400).indices.create(index=month)
    for _ in helpers.streaming_bulk(rig.client, (one for story in islice(told, old) for one in _actions(rig, story))):
        pass
    rig.client.indices.refresh(index=f"news-articles-*,{LEDGER}")


def _actions(rig: Rig, story: Story, numbers: Iterator[int] = count()) -> Iterator[dict[str, Any]]:  # noqa: B008  # goes on
    url, at = f"http://old.invalid/{next(numbers)}.html", rig.rt.now() - AGE
    record = ended(admitted(source_of("http://old.invalid/feed.xml"), Entry(url), at), State.INDEXED, at)
    article = Article(record.id, url, story.title, "\n".join(story.paragraphs), admitted_at=at, published_at=at)
    yield {"_index": index_of(record), "_id": record.id, "_source": document(article)}
    yield {"_index": LEDGER, "_id": record.id, "_source": RECORD.dump_python(record, mode="json")}


@contextmanager
def _upkeep(home: Path) -> Iterator[None]:
    """Let both run, one after the other, in a process of their own."""
    process = get_context("spawn").Process(target=_work, args=(home,))
    process.start()
    yield
    process.join()


def _work(home: Path) -> None:
    config = Settings(_env_file=home / "env").model_copy(update=dict(KEPT))  # type: ignore[call-arg]  # pydantic-settings' own argument
    removing = build(config.model_copy(update={"elasticsearch_key_file": config.secrets_dir / RETENTION_KEY}))
    began, went = monotonic(), list[int]()
    go(removing, lambda line: went.append(line.count))
    removed = monotonic()
    make(keeper(config), "", say=lambda _: None, sleep=sleep)
    print(f"  {sum(went)} removed in {removed - began:.1f} s, a backup in {monotonic() - removed:.1f} s", flush=True)


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.upkeep", description=__doc__)
    parser.add_argument("--articles", type=int, default=1000, help="of one round (%(default)s)")
    parser.add_argument("--pairs", type=int, default=4, help="(%(default)s)")
    parser.add_argument("--corpus", type=Path, default=default(), help="JSON lines, or a folder of them (generated)")
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
