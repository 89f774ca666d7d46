"""What a person asks to ingest: paths and URLs become admitted work, and the work can be watched."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

from ingest.model import Entry, Page, Source
from ingest.urls import article_id, canonical, fetchable, host_of
from workers.admission import Admission, admit, listed
from workers.runtime import Runtime

AT_ONCE: Final = 200
"""Files admitted in one go."""
TEXT_HEADERS: Final = (("Content-Type", "text/plain"),)


@dataclass(frozen=True, slots=True)
class Work:
    """Articles known by id, and sources whose listings are being read."""

    ids: tuple[str, ...] = ()
    sources: tuple[tuple[Source, int], ...] = ()
    """Each with the polls it had had when it was asked for."""
    problems: tuple[str, ...] = ()

    def __add__(self, other: "Work") -> "Work":
        """Return both."""
        return Work(self.ids + other.ids, self.sources + other.sources, self.problems + other.problems)

    def counts(self, rt: Runtime) -> dict[tuple[str, str], int]:
        """Return how many of its articles are in each (state, reason), as of now."""
        rt.ledger.refresh()
        named: list[dict[str, Any]] = [
            {"ids": {"values": list(self.ids)}},
            {"terms": {"source_id": [source.id for source, _ in self.sources]}},
        ]
        return rt.ledger.counts({"bool": {"should": named}})

    def listed(self, rt: Runtime) -> bool:
        """Tell whether every listing has been read since the work was asked for."""
        return all(rt.sources.poll_of(source.id).polls > before for source, before in self.sources)

    def failed_polls(self, rt: Runtime) -> list[tuple[Source, str]]:
        """Return the sources whose listing could not be read, and why."""
        polls = ((source, before, rt.sources.poll_of(source.id)) for source, before in self.sources)
        return [
            (source, poll.error or "its listing was not read in time")
            for source, before, poll in polls
            if poll.error or poll.polls <= before
        ]


def admit_url(rt: Runtime, url: str) -> Work:
    """Have a feed or an article read once, now. A source that is known keeps its settings."""
    key = article_id(canonical(url))
    source = rt.sources.get(key) or Source(id=key, kind="auto", url=fetchable(url), name=host_of(url), interval_s=0)
    rt.sources.put(source)
    before = rt.sources.poll_of(key).polls
    rt.lanes.schedule(key, rt.now())
    return Work(sources=((source, before),))


def admit_path(rt: Runtime, path: Path) -> Work:
    """Admit a text file, or every .txt file below a folder. A file that cannot be read is named, the others go on."""
    url = path.resolve().as_uri()
    source = Source(id=article_id(canonical(url)), kind="text", url=url, name=path.name, interval_s=0)
    if not path.exists():
        return Work(problems=(f"{path}: there is no such file or folder",))
    rt.sources.put(source)
    files = iter(sorted(path.rglob("*.txt")) if path.is_dir() else [path])
    ids: list[str] = []
    problems: list[str] = []
    fresh = 0
    while some := list(islice(files, AT_ONCE)):
        admission = admit(rt, source, _entries(some, problems))
        ids += admission.ids
        problems += admission.problems
        fresh += admission.admitted
    before = rt.sources.poll_of(source.id)
    started = replace(before, polled_at=rt.now(), polls=before.polls + 1)
    rt.sources.note(source.id, listed(started, Admission(tuple(ids), fresh, tuple(problems))))
    return Work(ids=tuple(ids), problems=tuple(problems))


def _entries(files: list[Path], problems: list[str]) -> Iterator[Entry]:
    for file in files:
        try:
            body, changed = file.read_bytes(), datetime.fromtimestamp(file.stat().st_mtime, UTC)
        except OSError as error:
            problems.append(f"{file}: {error.strerror}")
            continue
        url = file.resolve().as_uri()
        yield Entry(url, updated_at=changed, page=Page(url, 200, TEXT_HEADERS, body, changed))
