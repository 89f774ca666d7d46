"""What is polled: sources are added, imported, listed and removed."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from ingest.errors import Permanent
from ingest.model import Source
from ingest.polling.poll import Poll
from ingest.urls import host_of
from workers.steps.source_file import checked, read_file

if TYPE_CHECKING:  # as in story.py
    from workers.runtime import Runtime

EVERY_S: Final = 0.5
ID: Final = re.compile("[0-9a-f]{32}")
SHORT_ID: Final = re.compile("[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Imported:
    """The sources of a file, and what could not be read of it."""

    sources: tuple[Source, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A source and how its last poll went."""

    id: str
    name: str
    kind: str
    url: str
    interval_s: int
    """0: polled only when asked."""
    paused: bool
    polled_at: datetime | None
    due_at: datetime | None
    put_off: str
    """Why it is not polled before `due_at`, though it should be; ''."""
    listed: int
    admitted: int
    error: str
    """Why its last poll failed; ''."""
    failures: int
    """Failed polls in a row."""
    problems: tuple[str, ...]
    """What could not be read of its listing."""
    to_go: int
    """Further listings of the round that are still to be read."""
    moved_to: str
    gone: bool
    quiet_since: datetime | None
    """Since when it has published nothing, where that is against its rhythm."""
    usual_s: int
    """The seconds after which its next entry was to be expected."""


def since_days(text: str) -> int:
    """Return the days of `90d`, 0 of `all`. Raises Permanent (`bad_date`)."""
    if text == "all":
        return 0
    if (days := text.removesuffix("d")).isdecimal() and int(days):
        return int(days)
    raise Permanent("bad_date", f"{text!r} is neither days, as 90d, nor `all`")


def language_codes(text: str) -> tuple[str, ...]:
    """Return the codes of `ar,fa`."""
    return tuple(code for part in text.split(",") if (code := part.strip().lower()))


def add(rt: "Runtime", *, source: Source) -> int:
    """Store a source and have it polled now, unless it is paused; return how many polls it has had.

    Raises Permanent for a wrong one.
    """
    rt.sources.put(checked(source))
    poll = rt.sources.poll_of(source.id)
    if poll.further:  # what an earlier setting had begun to read
        rt.sources.end_round(source.id)
    rt.schedule.set(source.id, None if source.paused else rt.now())
    return poll.polls


def first_poll(
    rt: "Runtime", *, source_id: str, polls: int, wait_s: float, pause: Callable[[float], object] = time.sleep
) -> Poll | None:
    """Wait until a source has been polled more often than `polls` times; None if that takes too long."""
    for _ in range(max(1, int(wait_s / EVERY_S))):
        poll = rt.sources.poll_of(source_id)
        if poll.polls != polls:
            return poll
        pause(EVERY_S)
    return None


def import_file(rt: "Runtime", *, body: bytes, opml: bool) -> Imported:
    """Add the sources of an OPML or a TOML file; those that are known take the file's settings.

    Raises ValueError, KeyError or Permanent for a file that is none.
    """
    declared, problems = read_file(body, opml=opml)
    for source in declared:
        known = rt.sources.polled(source.id)
        add(rt, source=as_found(source, known[0] if known else None))
    return Imported(tuple(declared), problems)


def remove(rt: "Runtime", *, named: str) -> tuple[Source, ...]:
    """Remove sources, named as in `ids_of`; return them. Their articles stay. Raises Permanent (`no_source`)."""
    found = _there(rt, named)
    for known in found:
        rt.sources.remove(known.id)
        rt.schedule.set(known.id, None)
    return tuple(found)


def pause(rt: "Runtime", *, named: str, paused: bool) -> tuple[Source, ...]:
    """Pause sources, named as in `ids_of`, or let them go on, at once; return them. Raises Permanent."""
    found = [known for known in _there(rt, named) if rt.sources.pause(known.id, paused=paused)]
    for known in found:
        rt.schedule.set(known.id, None if paused or not known.interval_s else rt.now())
    return tuple(found)


def _there(rt: "Runtime", named: str) -> list[Source]:
    ids = ids_of(rt, named=named)
    found = [known for known, _ in rt.sources.all() if known.id in ids]
    if not found:
        raise Permanent("no_source", named)
    return found


def ids_of(rt: "Runtime", *, named: str) -> tuple[str, ...]:
    """Return the ids of the sources with this name, host, address, id or first 12 digits of it; () of ''.

    A source that has been removed is known by its id, as its articles stay. Raises Permanent (`no_source`).
    """
    if not named or ID.fullmatch(named):
        return (named,) if named else ()
    found = tuple(
        known.id
        for known, _ in rt.sources.all()
        if named in (known.id[:12], known.name, host_of(known.url), host_of(known.url).rpartition(":")[0])
        or {named, f"{named}/"} & {known.url, known.home}
    )
    if not found and SHORT_ID.fullmatch(named):
        found = tuple(one for (one,) in rt.ledger.grouped({"prefix": {"source_id": named}}, "source_id"))
    if not found:
        raise Permanent("no_source", f"{named}; `warraq sources list` shows them")
    return found


def listed(rt: "Runtime") -> list[Listed]:
    """Return every source and how its last poll went, by name."""
    return [as_listed(source, poll, rt.now()) for source, poll in rt.sources.all()]


def quiet(rt: "Runtime") -> tuple[Listed, ...]:
    """Return the sources that are polled and have been silent for long, those first that are so the longest."""
    return tuple(as_listed(source, poll, rt.now()) for source, poll in rt.sources.quiet())


def as_listed(source: Source, poll: Poll, now: datetime) -> Listed:
    """Return what a person wants to know of a source and its poll."""
    return Listed(
        id=source.id,
        name=source.name,
        kind=source.kind,
        url=source.url,
        interval_s=source.interval_s,
        paused=source.paused,
        polled_at=poll.polled_at,
        due_at=poll.due_at,
        put_off=poll.waits_for(now),
        listed=poll.listed,
        admitted=poll.admitted,
        error=poll.error,
        failures=poll.failures,
        problems=poll.problems,
        to_go=len(poll.further),
        moved_to=poll.moved_to,
        gone=poll.gone,
        quiet_since=poll.quiet_since,
        usual_s=round(poll.rhythm.usual_s or poll.rhythm.gap_s),
    )


def as_found(source: Source, known: Source | None) -> Source:
    """Return a site's source with the listing that was found for it before, if it was: it is not searched again."""
    if source.kind != "site" or known is None or known.home != source.url:
        return source
    return replace(source, kind=known.kind, url=known.url, home=known.home)
