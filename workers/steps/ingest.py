"""What a person asks to ingest: paths and URLs become admitted work, and the work can be watched."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ingest.model import Entry, Source
from ingest.polling import rounds
from ingest.urls import article_id, canonical, fetchable, host_of
from workers.runtime import Runtime
from workers.steps.admit import admit
from workers.steps.files import entries

AT_ONCE: Final = 200
"""Articles admitted in one go."""
BYTES_AT_ONCE: Final = 20 * 2**20
"""Bytes of pages from which on they are admitted: what is in memory is this and one page."""


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
    rt.schedule.set(key, rt.now())
    return Work(sources=((source, before),))


def admit_path(rt: Runtime, path: Path) -> Work:
    """Admit what a file holds, or every file below a folder. What cannot be read is named, the rest goes on."""
    url = path.resolve().as_uri()
    source = Source(id=article_id(canonical(url)), kind="files", url=url, name=path.name, interval_s=0)
    if not path.exists():
        return Work(problems=(f"{path}: there is no such file or folder",))
    rt.sources.put(source)
    poll = rounds.begun(rt.sources.poll_of(source.id), rt.now())
    ids: dict[str, None] = {}
    problems: list[str] = []
    fresh = 0
    for some in _batches(entries(path, rt.now()), problems):
        admission = admit(rt, source, some)
        ids |= dict.fromkeys(admission.ids)
        problems += admission.problems
        fresh += admission.admitted
    rt.sources.note(source.id, rounds.read(poll, len(ids), fresh, tuple(problems), ()))
    return Work(ids=tuple(ids), problems=tuple(problems))


def _batches(found: Iterable[Entry | str], problems: list[str]) -> Iterator[list[Entry]]:
    """Yield entries in batches of bounded size; the sentences between them go to `problems`."""
    batch: list[Entry] = []
    size = 0
    for one in found:
        if isinstance(one, str):
            problems.append(one)
            continue
        batch.append(one)
        size += len(one.page.body) if one.page else 0
        if len(batch) >= AT_ONCE or size >= BYTES_AT_ONCE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
