"""A day at a glance: what is new, what many tell, what was changed; of today, who is silent, and whether all works."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ingest.errors import Permanent
from ingest.revisions.edit import Kind
from ingest.stories.story import Story
from workers.desk.desk import Desk, desk_of
from workers.desk.page import render
from workers.desk.results import Hit, hit_of
from workers.steps.history import version
from workers.steps.sources import Listed, as_listed

HOSTS: Final = 8
EACH: Final = 3
STORIES: Final = 8
HEADS: Final = 5
"""Articles of a story, any of which may stand for it."""
CHANGES: Final = 8
TELLING: Final = (Kind.GONE, Kind.BACK, Kind.CORRECTION, Kind.HEADLINE, Kind.SUBSTANTIVE)
PACE_MIN: Final = 10
OLDEST: Final = 1900
DAY: Final = timedelta(days=1)
LATE: Final = timedelta(minutes=30)
"""An article that waits longer is worth a word."""


@dataclass(frozen=True, slots=True)
class Large:
    """A story that several tell, and its first article."""

    story: Story
    hit: Hit


@dataclass(frozen=True, slots=True)
class Word:
    """A sentence on how the pipeline does."""

    name: str
    good: bool
    number: int = 0


def today(request: Request) -> Response:
    """Show the day, or an earlier one: `?day=2026-07-01`."""
    desk = desk_of(request)
    newest = midnight(desk, "")
    start = min(newest, midnight(desk, request.query_params.get("day", "")))
    is_today, end = start == newest, start + DAY
    names = desk.library.names()
    found = desk.library.fresh(start, end, hosts=HOSTS, each=EACH)
    changes = desk.library.changes(desk.now() - DAY if is_today else start, end, TELLING, CHANGES)
    quiet = [as_listed(*one, desk.now()) for one in desk.library.sources.quiet()] if is_today else []
    return render(
        request,
        "today.html",
        fresh=[[hit_of(hit, names, {}) for hit in hits] for hits in found if hits],
        stories=_largest(desk, f"{start:%Y-%m-%d}"),
        changes=[(one.article_id, version(one)) for one in changes],
        quiet=quiet,
        words=list(health(desk, quiet)) if is_today else [],
        day=start,
        before=f"{start - DAY:%Y-%m-%d}",
        after=None if is_today else f"{end:%Y-%m-%d}",
    )


def midnight(desk: Desk, day: str) -> datetime:
    """Return when a day begins at the desk, today if none is named. Raises Permanent (`bad_date`)."""
    if not day:
        return desk.now().astimezone(desk.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        start = datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=desk.zone)
    except ValueError:
        raise Permanent("bad_date", day[:40]) from None
    if start.year < OLDEST:
        raise Permanent("bad_date", day)
    return start


def health(desk: Desk, quiet: list[Listed]) -> Iterator[Word]:
    """Yield how the pipeline does, in words; what is well in one of them."""
    pace = desk.library.ledger.pace(desk.now())
    ended = round(pace.per_minute[PACE_MIN] * PACE_MIN)
    waits = desk.now() - pace.oldest_pending if pace.oldest_pending else timedelta()
    failing = sum(1 for _, poll in desk.library.sources.all() if poll.failures)
    yield Word("health_ended", ended > 0 or not pace.oldest_pending, ended)
    if waits > LATE:
        yield Word("health_late", good=False, number=int(waits.total_seconds() // 60))
    if failing:
        yield Word("health_failing", good=False, number=failing)
    if quiet:
        yield Word("health_quiet", good=False, number=len(quiet))


def _largest(desk: Desk, day: str) -> list[Large]:
    """Return the largest stories by their first articles; where that is gone, by the next that is there."""
    stories = desk.library.stories.of_day(day, STORIES, str(desk.zone))
    found = desk.library.listed([key for one in stories for key in one.members[:HEADS]])
    heads = [next((found[key] for key in one.members[:HEADS] if key in found), None) for one in stories]
    return [Large(one, hit_of(head, {}, {})) for one, head in zip(stories, heads, strict=True) if head]


ROUTES: Final = [Route("/today", today)]
