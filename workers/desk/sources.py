"""Where the news comes from, and what did not get in: sources with their health, failures with their reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ingest.arabic.fold import fold
from ingest.desk.asked import page_of
from ingest.ledger.record import Record
from workers.desk.desk import Desk, desk_of
from workers.desk.orders import orders
from workers.desk.page import render
from workers.steps.failures import ENDS, Group
from workers.steps.source_names import hosts, names
from workers.steps.sources import Listed, as_listed
from workers.store.selection import Selection

SHOWN: Final = 50
PER_PAGE: Final = 100
GROUPS: Final = 200
"""Kinds of failures that are counted, the most frequent."""
Condition = Literal["gone", "paused", "failing", "quiet", "asked", "well"]


@dataclass(frozen=True, slots=True)
class Row:
    """A source, how it does, and what became today of what it listed."""

    source: Listed
    condition: Condition
    day: Mapping[str, int]
    """Articles admitted today, by state."""


ORDER: Final[tuple[Condition, ...]] = ("failing", "gone", "quiet", "well", "paused", "asked")


def sources(request: Request) -> Response:
    """List the sources: those first that need somebody; `?find=` those with a word in their names or addresses."""
    desk, find = desk_of(request), request.query_params.get("find", "").strip()[:100]
    listed = [as_listed(*one, desk.now()) for one in desk.library.sources.all()]
    found = [one for one in listed if fold(find) in fold(one.name) or find.lower() in one.url]
    found.sort(key=lambda one: (ORDER.index(condition(one)), one.name or one.url))
    last = max(1, -(-len(found) // PER_PAGE))
    page = min(page_of(request.query_params.get("page", "")), last)
    days = _today(desk)
    rows = [Row(one, condition(one), days.get(one.id, {})) for one in found[(page - 1) * PER_PAGE : page * PER_PAGE]]
    shown: dict[str, Any] = {"rows": rows, "find": find, "page": page, "last": last, "found": len(found)}
    return render(request, "sources.html", many=len(listed) > PER_PAGE, **shown, **orders(request))


def failures(request: Request) -> Response:
    """Count what failed or was rejected; with a reason or a source, list it."""
    desk, asked = desk_of(request), request.query_params
    reason, source = asked.get("reason", "")[:200], asked.get("source", "")[:64]
    which = Selection(states=ENDS, reason=reason, source_ids=(source,) if source else ())
    named = names(desk.library.sources)
    records: list[Record] = desk.library.ledger.page(which, size=SHOWN, newest=True) if reason or source else []
    return render(
        request,
        "failures.html",
        groups=_groups(desk, which, named),
        records=records,
        names=named,
        reason=reason,
        source=source,
        **orders(request),
    )


def condition(one: Listed) -> Condition:
    """Return how a source does, in a word."""
    if one.gone:
        return "gone"
    if one.paused:
        return "paused"
    if one.failures:
        return "failing"
    if not one.interval_s:
        return "asked"
    return "quiet" if one.quiet_since else "well"


def _today(desk: Desk) -> dict[str, dict[str, int]]:
    day = f"{desk.now().astimezone(desk.zone):%Y-%m-%d}"
    admitted = {"range": {"admitted_at": {"gte": day, "lte": day, "time_zone": str(desk.zone)}}}
    found: dict[str, dict[str, int]] = {}
    for (state, source), count in desk.library.ledger.grouped(admitted, "state", "source_id").items():
        found.setdefault(source, {})[state] = count
    return found


def _groups(desk: Desk, which: Selection, named: Mapping[str, str]) -> list[Group]:
    counts = desk.library.ledger.grouped(which.query(), "state", "stage", "reason", "source_id")
    known = {**hosts(desk.library.ledger, {source for *_, source in counts} - named.keys()), **named}
    groups = [
        Group(state, stage, reason, source, known.get(source, source[:12]), articles)
        for (state, stage, reason, source), articles in counts.items()
    ]
    return sorted(groups, key=lambda one: -one.articles)[:GROUPS]


ROUTES: Final = [Route("/sources", sources), Route("/failures", failures)]
