"""What a person asks to ingest: paths and URLs become admitted work, and the work can be watched."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from ingest.model import FILES, Entry, Source
from ingest.polling import rounds
from ingest.polling.poll import Poll
from ingest.urls import article_id, canonical, fetchable, host_of
from workers.runtime import Runtime
from workers.steps.admit import admit
from workers.steps.files import KNOWN, Position, entries
from workers.steps.patience import GaveUp, Patience

AT_ONCE: Final = 200
"""Articles admitted in one go."""
BYTES_AT_ONCE: Final = 20 * 2**20
"""Bytes of pages at which a batch is admitted: memory holds this much and one page more."""


@dataclass(frozen=True, slots=True)
class Work:
    """Articles known by id, and sources whose listings are being read."""

    ids: tuple[str, ...] = ()
    sources: tuple[tuple[Source, int], ...] = ()
    """By source, its number of polls when it was asked for."""
    problems: tuple[str, ...] = ()
    stopped: str = ""
    """Why the rest was not admitted: a service of our own was away for too long."""

    def __add__(self, other: "Work") -> "Work":
        """Return both."""
        problems = self.problems + other.problems
        return Work(self.ids + other.ids, self.sources + other.sources, problems, self.stopped or other.stopped)

    def unread(self, rt: Runtime) -> list[tuple[Source, Poll]]:
        """Return the sources whose listing has not been read since the work was asked for."""
        return [(source, poll) for source, poll, is_read in self._polls(rt) if not is_read]

    def failed_polls(self, rt: Runtime) -> list[tuple[Source, str]]:
        """Return the sources whose listing could not be read, and why."""
        now = rt.now()
        return [
            (source, poll.error if is_read else f"its listing was not read in time{put_off(poll, now)}")
            for source, poll, is_read in self._polls(rt)
            if poll.error or not is_read
        ]

    def count_listed(self, rt: Runtime) -> int:
        """Return how many entries the listings have, known ones too."""
        return sum(poll.listed for _, poll, _ in self._polls(rt))

    def _polls(self, rt: Runtime) -> Iterator[tuple[Source, Poll, bool]]:
        """Yield each source with its last poll, and whether that was made since the work was asked for."""
        for source, before in self.sources:
            poll = rt.sources.poll_of(source.id)
            yield source, poll, poll.polls > before


def put_off(poll: Poll, now: datetime) -> str:
    """Return why a source is not polled before a later moment, as the end of a sentence; '' if it is."""
    if not (why := poll.waits_for(now)):
        return ""
    failed = f" ({poll.error})" if poll.error else ""
    return f": {why}{failed}, it is asked again at {poll.due_at:%H:%M:%S} UTC"


Each = Callable[[Sequence[str], int], object]
"""Called after each batch, with its articles' ids and how many bytes of all files have been read."""


def ignore(ids: Sequence[str], read: int) -> None:
    """Show nothing."""


def admit_all(rt: Runtime, *, targets: Iterable[str], patience: Patience, each: Each = ignore) -> Work:
    """Admit what paths and URLs name; while a service of our own is away, or full, wait and go on.

    What is admitted already is not admitted twice: after a stop the same targets may be given again.
    """
    work, position = Work(), Position()
    for target in targets:
        if "://" in target:
            try:
                work += patience.run(admit_url, rt, url=target)
            except GaveUp as error:
                work += Work(stopped=str(error))
        else:
            work += admit_path(rt, path=Path(target), patience=patience, each=each, position=position)
        if work.stopped:
            break
    return work


def admit_url(rt: Runtime, *, url: str) -> Work:
    """Have a feed or an article read once, now. A known source keeps its settings."""
    key = article_id(canonical(url))
    if rt.tombstones.barred({key: [url]}):
        return Work(problems=(f"{url} was forgotten: `warraq forgotten` says why",))
    source, poll = rt.sources.polled(key) or (_asked_once(key, url), None)
    if poll is None:
        rt.sources.put(source)
    rt.schedule.set(key, rt.now())
    return Work(sources=((source, poll.polls if poll else 0),))


def _asked_once(source_id: str, url: str) -> Source:
    """Return a source for an address that a person gave, without a limit on the age of its entries."""
    return Source(source_id, kind="auto", url=fetchable(url), name=host_of(url), interval_s=0, since_days=0)


def admit_path(
    rt: Runtime, *, path: Path, patience: Patience, each: Each = ignore, position: Position | None = None
) -> Work:
    """Admit the articles of a file, or of every file below a folder. Unreadable ones are reported, the rest goes on."""
    position = position or Position()
    if not path.exists():
        return Work(problems=(f"{path}: there is no such file or folder",))
    url = path.resolve().as_uri()
    source = Source(id=article_id(canonical(url)), kind=FILES, url=url, name=path.name, interval_s=0, since_days=0)
    ids: dict[str, None] = {}
    problems: list[str] = []
    found = entries(path, rt.now(), position)
    try:
        _admit_entries(rt, source, found, (ids, problems), patience, lambda some: each(some, position.read))
    except GaveUp as error:
        return Work(ids=tuple(ids), problems=tuple(problems), stopped=str(error))
    if not ids and not problems:
        named = (
            f", no file named {', '.join(f'*{end}' for end in KNOWN)}" if path.is_dir() else ": no whole page with text"
        )
        problems.append(f"{path}: nothing to ingest in it{named}")
    return Work(ids=tuple(ids), problems=tuple(problems))


def _admit_entries(  # noqa: PLR0917  # what is read, for whom, and who hears of it
    rt: Runtime,
    source: Source,
    found: Iterable[Entry | str],
    done: tuple[dict[str, None], list[str]],
    patience: Patience,
    each: Callable[[Sequence[str]], object],
) -> None:
    """Admit entries as one poll of a source; `done` collects ids and problems as it goes.

    The source is stored with its first entry: a file that cannot be read leaves none.
    """
    ids, problems = done
    fresh, poll = 0, None
    for batch in _batches(found, problems):
        if poll is None:
            patience.run(rt.sources.put, source)
            poll = rounds.begun(patience.run(rt.sources.poll_of, source.id), rt.now())
        admission = patience.run(admit, rt, source, batch)
        ids |= dict.fromkeys(admission.ids)
        problems += admission.problems
        fresh += admission.admitted
        each(admission.ids)
    if poll is not None:
        patience.run(rt.sources.note, source.id, rounds.read(poll, len(ids), fresh, tuple(problems), ()))


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
