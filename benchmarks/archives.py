"""`python -m benchmarks.archives`: a WARC file is taken in, then replayed, against trafilatura alone on the same pages.

Pages as in `benchmarks.pipeline`, 60 to 110 KB, in a gzip'd WARC file. Ours are the commands as people type them, on
the whole stack, until the last article is indexed: file, ledger, page store, extraction, repair, Elasticsearch. The
baseline has the pages in memory, a process for each core, and makes nothing but texts.
"""

import argparse
import gzip
import json
import multiprocessing
import os
import random
import resource
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

import trafilatura

from benchmarks.pipeline.corpus import Story, corpus, default
from benchmarks.pipeline.pages import page
from benchmarks.pipeline.report import STORES
from benchmarks.pipeline.rig import Rig
from benchmarks.pipeline.usage import Peaks, cpu_s
from deploy.local.places import interpreter_folder
from ingest.document import ALIAS

OTHERS: Final = 40
"""Stories that fill the menus and cards of one page."""
HOSTS: Final = 100
HEAD: Final = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
RECORD: Final = (
    "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: {at:%Y-%m-%dT%H:%M:%SZ}\r\n"
    "Content-Type: application/http;msgtype=response\r\nContent-Length: {size}\r\n\r\n"
)


@dataclass(frozen=True, slots=True)
class Pace:
    """How one way went."""

    way: str
    articles: int
    seconds: float
    cpu_ms: float
    """Of our processes, an article, the command's own included: without Elasticsearch."""
    memory_mb: float
    """The most that they had together, the command itself left out."""

    @property
    def per_s(self) -> float:
        """Articles a second."""
        return self.articles / self.seconds


def main(words: Sequence[str] | None = None) -> int:
    """Return 1 if an article is missing."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.archives", description=__doc__)
    parser.add_argument("--articles", type=int, default=5_000, help="(%(default)s)")
    parser.add_argument("--corpus", type=Path, default=default(), help="JSON lines, or a folder of them (generated)")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args(words)
    with Rig() as rig:
        file = rig.home / "archive.warc.gz"
        pages = list(printed(corpus(arguments.corpus), arguments.articles))
        write(file, pages)
        paces = [_run(rig, arguments.articles, "ingest", str(file)), _run(rig, arguments.articles, "replay")]
        rig.client.indices.refresh(index=ALIAS)
        found = int(rig.client.count(index=ALIAS)["count"])
    paces.append(_baseline([text for _, text in pages]))
    for line in lines(paces):
        print(line)
    if arguments.json:
        told = [asdict(one) | {"per_s": one.per_s, "ratio": one.per_s / paces[-1].per_s} for one in paces]
        arguments.json.write_text(json.dumps(told, indent=1) + "\n")
    return int(found != arguments.articles)


def lines(paces: Sequence[Pace]) -> Iterator[str]:
    """Return the table; the last pace is the baseline."""
    yield f"{'':28}{'articles/s':>12}{'ratio':>8}{'CPU ms':>9}{'MB':>7}"
    for one in paces:
        ratio = one.per_s / paces[-1].per_s
        yield f"{one.way:28}{one.per_s:12.1f}{ratio:8.2f}{one.cpu_ms:9.2f}{one.memory_mb:7.0f}"


def write(file: Path, pages: Sequence[tuple[str, str]]) -> None:
    """Write pages as a WARC file, each record a gzip member of its own, as crawlers do."""
    at = datetime.now(UTC)
    with file.open("wb") as out:
        for url, text in pages:
            body = (HEAD + text).encode()
            head = RECORD.format(url=url, at=at, size=len(body)).encode()
            out.write(gzip.compress(head + body + b"\r\n\r\n", 6, mtime=0))


def printed(told: Iterator[Story], count: int) -> Iterator[tuple[str, str]]:
    """Yield the addresses and pages of some stories."""
    around = deque(islice(told, OTHERS), OTHERS)
    at = datetime.now(UTC).replace(microsecond=0)
    for number, story in enumerate(islice(told, count)):
        url = f"http://n{number % HOSTS}.example/a/{number}.html"
        yield url, page(story, url, at, list(around), random.Random(number))
        around.append(story)


def _run(rig: Rig, articles: int, *command: str) -> Pace:
    """Run `warraq COMMAND` to its end. Raises CalledProcessError if it fails."""
    groups = rig.pids()
    with Peaks(rig.pids) as peaks:
        cpu, before, start = cpu_s(groups), _ended_s(), time.monotonic()
        warraq = [str(interpreter_folder() / "warraq"), *command]
        limit = ["--timeout", "86400"] if command[0] == "ingest" else []
        subprocess.run([*warraq, *limit], check=True, stdout=subprocess.DEVNULL)
        seconds = time.monotonic() - start
        used: dict[str, Any] = {name: each - cpu[name] for name, each in cpu_s(groups).items()}
    ours = _ended_s() - before + sum(each for name, each in used.items() if name not in STORES)
    return Pace(f"warraq {command[0]}", articles, seconds, ours * 1000 / articles, peaks.together)


def _ended_s() -> float:
    """Return the CPU seconds of the processes that this one has started, and that have ended: the commands."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _baseline(pages: Sequence[str]) -> Pace:
    cores = os.cpu_count() or 1
    with multiprocessing.get_context("spawn").Pool(cores) as pool:
        pool.map(_ready, range(cores * 4), chunksize=1)
        start = time.monotonic()
        used = pool.map(_extract, [pages[core::cores] for core in range(cores)], chunksize=1)
        seconds = time.monotonic() - start
    return Pace("trafilatura.extract alone", len(pages), seconds, sum(used) * 1000 / len(pages), 0.0)


def _extract(pages: Sequence[str]) -> float:
    """Return the CPU seconds of one core's share."""
    start = time.process_time()
    for text in pages:
        trafilatura.extract(text, include_comments=False)
    return time.process_time() - start


def _ready(_: int) -> None:
    """Be imported: the start of Python is no part of the work."""
    trafilatura.extract(f"<html><body><article><p>{'نص ' * 100}</p></article></body></html>")


if __name__ == "__main__":
    sys.exit(main())
