"""What a person asks to ingest: paths and URLs become admitted work, and the work can be watched."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final, Self

from ingest.document import Poll
from ingest.model import Entry, Page, Source
from ingest.urls import article_id, canonical, fetchable, host_of
from workers.admission import admit
from workers.runtime import Runtime

AT_ONCE: Final = 200
"""Files admitted in one go."""
TEXT_HEADERS: Final = (("Content-Type", "text/plain"),)


@dataclass(frozen=True, slots=True)
class Work:
    """Articles known by id, and sources whose listings are being read."""

    since: datetime
    ids: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    problems: tuple[str, ...] = ()

    @classmethod
    def nothing(cls, now: datetime) -> Self:
        """Return no work, from now on."""
        return cls(now)

    def __add__(self, other: "Work") -> "Work":
        """Return both."""
        return Work(
            min(self.since, other.since),
            self.ids + other.ids,
            self.sources + other.sources,
            self.problems + other.problems,
        )

    def counts(self, rt: Runtime) -> dict[tuple[str, str], int]:
        """Return how many of its articles are in each (state, reason), as of now."""
        rt.ledger.refresh()
        named: list[dict[str, Any]] = [
            {"ids": {"values": list(self.ids)}},
            {"terms": {"source_id": [source.id for source in self.sources]}},
        ]
        return rt.ledger.counts({"bool": {"should": named}})

    def listed(self, rt: Runtime) -> bool:
        """Tell whether every listing has been read since the work was asked for."""
        polls = (rt.sources.poll_of(source.id).polled_at for source in self.sources)
        return all(at is not None and at >= self.since for at in polls)

    def failed_polls(self, rt: Runtime) -> list[tuple[Source, str]]:
        """Return the sources whose listing could not be read, and why."""
        polls = ((source, rt.sources.poll_of(source.id)) for source in self.sources)
        return [
            (source, poll.error or "its listing was not read in time")
            for source, poll in polls
            if poll.error or poll.polled_at is None or poll.polled_at < self.since
        ]


def admit_url(rt: Runtime, url: str) -> Work:
    """Have a feed or an article read once, now. A source that is known keeps its settings."""
    now = rt.now()
    key = article_id(canonical(url))
    source = rt.sources.get(key) or Source(id=key, kind="auto", url=fetchable(url), name=host_of(url), interval_s=0)
    rt.sources.put(source)
    rt.lanes.schedule(key, now)
    return Work(now, sources=(source,))


def admit_path(rt: Runtime, path: Path) -> Work:
    """Admit a text file, or every .txt file below a folder. A file that cannot be read is named, the others go on."""
    now = rt.now()
    url = path.resolve().as_uri()
    source = Source(id=article_id(canonical(url)), kind="text", url=url, name=path.name, interval_s=0)
    if not path.exists():
        return Work(now, problems=(f"{path}: there is no such file or folder",))
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
    rt.sources.note(source.id, Poll(polled_at=now, listed=len(ids), admitted=fresh, problems=tuple(problems[:20])))
    return Work(now, ids=tuple(ids), problems=tuple(problems))


def _entries(files: list[Path], problems: list[str]) -> Iterator[Entry]:
    for file in files:
        try:
            body, changed = file.read_bytes(), datetime.fromtimestamp(file.stat().st_mtime, UTC)
        except OSError as error:
            problems.append(f"{file}: {error.strerror}")
            continue
        url = file.resolve().as_uri()
        yield Entry(url, updated_at=changed, page=Page(url, 200, TEXT_HEADERS, body, changed))
