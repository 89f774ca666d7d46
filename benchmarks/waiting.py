"""`python -m benchmarks.waiting`: what a waiting article costs Redis, with hundreds of thousands of them waiting.

A server of its own, with 300 hosts and the entries of feeds (a title, a summary of 1,000 characters) and sitemaps.
Told are the bytes of each, how many there is room for until admission stops, and whether tick still takes them out as
quickly; then what a day of ticks adds while no worker polls the sources that are due.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from redis import Redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from deploy.local.redis import server
from ingest.ledger.record import Record
from ingest.ledger.transitions import admitted
from ingest.model import Entry, Source
from workers.frontier.gauge import FULL
from workers.frontier.lanes import Lanes
from workers.frontier.schedule import Schedule
from workers.steps.tick import POLLS_QUEUED

HOSTS: Final = 300
LOT: Final = 500
MEMORY: Final = 512 * 2**20
"""Of Redis in docker-compose.yml."""
MOST_BYTES: Final = 200
SOURCES: Final = 10_000
LOOKS: Final = 8_640
"""One every ten seconds of a day: tick looks more often, and finds the same."""
MESSAGE: Final = b"x" * 1000
"""About the size of one of Celery's."""
SUMMARY: Final = ("خبر عاجل من بغداد " * 60)[:1000]
NOW: Final = datetime(2026, 11, 1, tzinfo=UTC)


def main(words: Sequence[str] | None = None) -> int:
    """Return 1 if a waiting article costs more than it may."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.waiting", description=__doc__)
    parser.add_argument("--articles", type=int, default=300_000, help="(%(default)s)")
    count = parser.parse_args(words).articles
    with TemporaryDirectory() as folder, redis(Path(folder)) as client:
        lanes = Lanes(client, busy_s=0.0, lease_s=90.0, host_budget=10_000)
        before, began = _used(client), time.perf_counter()
        for first in range(0, count, LOT):
            lanes.push(map(_record, range(first, min(first + LOT, count))))
        took = time.perf_counter() - began
        each = (_used(client) - before) / count
        began = time.perf_counter()
        taken = len(lanes.pop(100))
        popped = time.perf_counter() - began
        told = _sources(client)
    print(f"{count:,} waiting articles of {HOSTS} hosts: {each:.0f} bytes each, {count / took:,.0f} pushed a second")
    print(f"room for {FULL * MEMORY / each:,.0f} in {MEMORY // 2**20} MB; {taken} handed out in {popped * 1000:.1f} ms")
    print(told)
    return int(each > MOST_BYTES)


def _sources(client: Redis) -> str:
    """Let all sources be due, and look for due ones all day; nobody takes the messages."""
    schedule, before = Schedule(client, lease_s=135.0), _used(client)
    schedule.add_missing({f"{number:032x}": NOW for number in range(SOURCES)})
    scheduled = _used(client)
    for _ in range(LOOKS):
        if due := schedule.due(POLLS_QUEUED):
            client.lpush("poll", *(MESSAGE for _ in due))
    grown, queued = _used(client) - scheduled, client.llen("poll")
    return (
        f"{SOURCES:,} sources take {(scheduled - before) / 2**20:.1f} MB; a day of ticks without a worker that polls "
        f"adds {grown / 1024:.0f} KB ({queued} messages wait)"
    )


@contextmanager
def redis(folder: Path) -> Iterator[Redis]:
    """Run an empty Redis in a folder."""
    binary = server()
    if binary is None:
        raise SystemExit("needs redis-server")
    path = str(folder / "redis.sock")
    command = [binary, "--port", "0", "--unixsocket", path, "--save", "", "--dir", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        with Redis(unix_socket_path=path, retry=Retry(ConstantBackoff(0.05), 200)) as client:
            client.ping()
            yield client
    finally:
        process.terminate()
        process.wait()


def _used(client: Redis) -> int:
    return int(client.info("memory")["used_memory"])


def _record(number: int) -> Record:
    host = f"http://www.news{number % HOSTS}.example"
    title, summary = ("خبر عاجل من بغداد عن الانتخابات النيابية", SUMMARY) if number % 2 else ("", "")
    entry = Entry(f"{host}/politics/2026/11/{number}-some-long-slug-of-the-article", title=title, summary=summary)
    return admitted(Source(f"{number % HOSTS:032x}", "feed", f"{host}/feed"), entry, NOW - timedelta(seconds=number))


if __name__ == "__main__":
    sys.exit(main())
