"""When an indexed article is looked at again: pure functions of what is known of its looks, and now."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from ingest.mappings import COUNT, DATE, OPAQUE, stored

SECOND_LOOK: Final = timedelta(minutes=30)
"""Until what a look found is believed that is more likely a fault: half a text, an article that is gone."""
LATER: Final = timedelta(hours=12)
GIVE_UP: Final = timedelta(days=7)
"""An article that is missing and whose site does not answer well is looked for as long as this."""


@dataclass(frozen=True, slots=True)
class Revisit:
    """The looks at one article after it was indexed."""

    due_at: datetime | None = stored(DATE, default=None)
    """When it is to be looked at next; None = never again."""
    hours: tuple[float, ...] = stored(OPAQUE, default=())
    """Its ages in hours at which that is done, as its source said when it was indexed."""
    ages: int = stored(OPAQUE, default=0)
    """How many of them are used up."""
    looks: int = stored(COUNT, default=0)
    """Looks that have ended."""
    etag: str = stored(OPAQUE, default="")
    """ETag of the page that was last read, for a conditional request."""
    last_modified: str = stored(OPAQUE, default="")
    """Its Last-Modified, for the same."""
    doubted: str = stored(OPAQUE, default="")
    """Sketch of a text that was too different to be believed at the first look."""
    missing_at: datetime | None = stored(DATE, default=None)
    """When a look first found no article there; None = the last look found one."""
    gone_at: datetime | None = stored(DATE, default=None)
    """When it was certain that it is gone."""


def next_look(known: Revisit, indexed_at: datetime, now: datetime) -> Revisit:
    """Return the plan after a look that found nothing new: the next age of the list. One that is past is left out."""
    for number, hours in enumerate(sorted(known.hours)):
        if number >= known.ages and (at := indexed_at + timedelta(hours=hours)) > now:
            return replace(known, due_at=at, ages=number + 1)
    return replace(known, due_at=None, ages=len(known.hours))


def after(known: Revisit, indexed_at: datetime, now: datetime, *, looked: bool) -> Revisit:
    """Return the plan after an article has ended, by a look or otherwise."""
    return next_look(replace(known, looks=known.looks + 1) if looked else unused(known), indexed_at, now)


def unused(known: Revisit) -> Revisit:
    """Return what is known, with the planned look still to come: something else had the article fetched."""
    return replace(known, ages=max(known.ages - 1, 0))


def sooner(planned: Revisit, now: datetime) -> Revisit:
    """Return a plan after a change: half the time, for what was changed is often changed again. It is no look more."""
    return replace(planned, due_at=now + (planned.due_at - now) / 2 if planned.due_at else None)


def again(known: Revisit, now: datetime) -> Revisit:
    """Return the plan of a second look at what was not believed; the ages that are to come stay."""
    return replace(known, due_at=now + SECOND_LOOK)


def missing(known: Revisit, indexed_at: datetime, now: datetime, *, good: int, bad: int) -> Revisit:
    """Return the plan after a look that found no article.

    It is gone if the look before found none either, SECOND_LOOK ago or more, and the site as a whole answers: since
    then some of its other articles were `good`, and as many as were `bad`. Where that is not so, it waits for its next
    age, and beyond the last one it is looked for now and then, up to GIVE_UP. What is gone is looked at twice more:
    LATER, for the site may have failed at both looks and answered in between, and GIVE_UP after: it may come back.
    """
    if known.gone_at:
        last = known.gone_at + GIVE_UP
        planned = next_look(known, indexed_at, now)
        return replace(planned, due_at=planned.due_at or (last if now < last else None))
    since = known.missing_at or now
    missed = replace(known, missing_at=since)
    if now - since >= SECOND_LOOK and good and good >= bad:
        return replace(missed, gone_at=now, due_at=now + LATER, ages=len(known.hours))
    if known.missing_at is None and good >= bad:
        return again(missed, now)
    planned = next_look(missed, indexed_at, now)
    late = now + LATER if now - since < GIVE_UP else None
    return replace(planned, due_at=planned.due_at or late)


def found(known: Revisit) -> Revisit:
    """Return what is known after a look that found an article."""
    return replace(known, doubted="", missing_at=None, gone_at=None)
