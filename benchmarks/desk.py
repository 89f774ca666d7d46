"""`python -m benchmarks.desk`: how long a page of results takes when many people search at once.

The index is filled with articles, readers sign in to the running desk, and each asks one search after the other: two
words of some article's headline, every fourth one narrowed or sorted. Beside it, in the same run and with as many at
once, the documented query goes to Elasticsearch directly: what the page costs above the search itself.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from statistics import quantiles
from typing import Final

import requests
from elasticsearch import Elasticsearch

from benchmarks.growth import fill
from benchmarks.pipeline import usage
from benchmarks.pipeline.corpus import corpus, default
from benchmarks.pipeline.report import machine
from benchmarks.pipeline.rig import Rig
from ingest.document import ALIAS
from ingest.query import query
from workers.settings import secret

NARROWED: Final = ("", "", "", "&sort=recent", "", "", "", "&from=30d")


Ask = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Speed:
    """How one way to search did; CPU in milliseconds a search."""

    p50_ms: float
    p95_ms: float
    p99_ms: float
    per_s: float
    desk_ms: float
    elasticsearch_ms: float


def main(words: Sequence[str] | None = None) -> int:
    """Print the pages' times, those of the queries alone, and the desk's memory."""
    arguments = _arguments(words)
    told = corpus(arguments.corpus)
    with Rig() as rig:
        fill(rig, told, arguments.documents)
        searches = list(islice(searched(told), arguments.searches))
        ways = {"desk": _pages(rig, arguments.at_once), "elasticsearch": _queries(rig.client)}
        for ask in ways.values():
            _measure(rig, ask, searches[: len(searches) // 5], arguments.at_once)  # warm up
        found = {name: _measure(rig, ask, searches, arguments.at_once) for name, ask in ways.items()}
        memory = usage.pss_mb(rig.pids())["desk"]
    report = {"machine": machine(), "documents": arguments.documents, "at_once": arguments.at_once, "desk_mb": memory}
    print(json.dumps(report | {name: asdict(speed) for name, speed in found.items()}, indent=1))
    print(f"a page's p95 to the query's alone: {found['desk'].p95_ms / found['elasticsearch'].p95_ms:.2f}")
    return 0


def searched(told: Iterator[object]) -> Iterator[str]:
    """Yield what people type: two neighbouring words of a headline."""
    chance = random.Random(1)
    for story in told:
        title = str(getattr(story, "title", "")).split()
        if len(title) > 1:
            start = chance.randrange(len(title) - 1)
            yield " ".join(title[start : start + 2])


def _pages(rig: Rig, readers: int) -> Ask:
    base = f"http://127.0.0.1:{rig.stack.desk_port}"
    password = secret(rig.home / "secrets" / "people" / "desk_reader_password")
    waiting = [_signed_in(base, password) for _ in range(readers)]
    narrowed = iter(NARROWED * 10_000)

    def ask(typed: str) -> None:
        browser = waiting.pop()
        answer = browser.get(f"{base}/?q={typed}{next(narrowed)}", timeout=60)
        answer.raise_for_status()
        waiting.append(browser)

    return ask


def _signed_in(base: str, password: str) -> requests.Session:
    browser = requests.Session()
    token = browser.get(f"{base}/login", timeout=60).text.split('name="token" value="')[1].split('"')[0]
    form = {"token": token, "name": "reader", "password": password}
    browser.post(f"{base}/login", form, timeout=60).raise_for_status()
    return browser


def _queries(client: Elasticsearch) -> Ask:
    def ask(typed: str) -> None:
        client.search(index=ALIAS, query=query(typed), size=20, source_includes=["title", "url"])

    return ask


def _measure(rig: Rig, ask: Ask, searches: Sequence[str], at_once: int) -> Speed:
    def timed(typed: str) -> float:
        start = time.perf_counter()
        ask(typed)
        return (time.perf_counter() - start) * 1000

    before, start = usage.cpu_s(rig.pids()), time.perf_counter()
    with ThreadPoolExecutor(at_once) as readers:
        took = list(readers.map(timed, searches))
    wall_s, after = time.perf_counter() - start, usage.cpu_s(rig.pids())
    cuts = quantiles(took, n=100, method="inclusive")
    used = {name: (after[name] - before[name]) * 1000 / len(took) for name in ("desk", "elasticsearch")}
    return Speed(cuts[49], cuts[94], cuts[98], len(took) / wall_s, used["desk"], used["elasticsearch"])


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.desk", description=__doc__)
    parser.add_argument("--documents", type=int, default=100_000, help="in the index (%(default)s)")
    parser.add_argument("--searches", type=int, default=1000, help="of each way (%(default)s)")
    parser.add_argument("--at-once", type=int, default=20, help="readers (%(default)s)")
    parser.add_argument("--corpus", type=Path, default=default(), help="JSON lines, or a folder of them (generated)")
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
