"""How a record moves that is looked at again: opened, unchanged, doubted, edited, missing. Pure, as `transitions`."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

import ada_url

from ingest.ledger import revisit
from ingest.ledger.history import moved
from ingest.ledger.record import Record, State
from ingest.ledger.reopening import opened
from ingest.ledger.revisit import Revisit
from ingest.ledger.transitions import ended
from ingest.model import Page, Source
from ingest.urls import INLINE, lane_of

UNCHANGED: Final = "unchanged"
SECTION: Final = re.compile(
    r"(?P<named>(?:/\w{2})?/(?:category|categories|section|sections|tag|tags)/[^/]+)|(?:/[a-z]{2,20})+"
)
"""Paths of sections. Only words of letters: an article's own address may be cut to its number, or to its slug."""
HOMES: Final = frozenset(
    {"", "/ar", "/arabic", "/home", "/index.html", "/index.htm", "/index.php", "/index.aspx", "/404"}
)
"""Paths of home pages, and of the page that says 404, to which removed articles are redirected."""


def planned(record: Record, source: Source, page: Page) -> Record:
    """Return a record that is about to be indexed, with what its looks need. Inline pages have none to look at."""
    plan = plan_of(record, source)
    return replace(record, revisit=with_validators(plan, page)) if plan else record


def plan_of(record: Record, source: Source) -> Revisit | None:
    """Return the looks at an article, as planned before or as its source wishes; None where there are to be none."""
    if record.lane == INLINE or lane_of(record.url) == INLINE:
        return None
    known = record.revisit or Revisit(hours=source.revisit_hours)
    return known if known.hours else None


def with_validators(known: Revisit, page: Page) -> Revisit:
    """Return what is known, with the page's validators."""
    return replace(known, etag=page.header("etag"), last_modified=page.header("last-modified"))


def looked_at(record: Record, now: datetime) -> Record:
    """Open an indexed record for a look."""
    return replace(opened(record, now, "look"), looking=True, lane=lane_of(record.url))


def left_alone(record: Record, now: datetime) -> Record:
    """Return an indexed record whose source is not to be looked at any more."""
    return moved(record, now, "no more looks", "", revisit=None)


def said_to_be_there(record: Record, now: datetime) -> Record:
    """Return an indexed record of which a person says that its article is not gone."""
    return moved(record, now, "not gone", "a person says so", reason="", detail="", revisit=None)


def conditions(record: Record) -> dict[str, str]:
    """Return the headers that spare a look the page if it has not changed since it was indexed."""
    known = record.revisit
    if not record.looking or known is None or known.missing_at or known.doubted:
        return {}
    pairs = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in pairs.items() if value}


def unchanged(record: Record, now: datetime) -> Record:
    """End a look that found what is indexed."""
    return seen(ended(record, State.INDEXED, now, "", UNCHANGED))


def seen(record: Record) -> Record:
    """Return an ended record whose page had an article, as before or changed."""
    return _replan(record, revisit.found)


def edited(record: Record, now: datetime) -> Record:
    """Return an ended record whose article has changed: it is looked at sooner."""
    return _replan(record, lambda known: revisit.sooner(revisit.found(known), now))


def doubted(record: Record, now: datetime, sketch: str, why: str) -> Record:
    """End a look at a text that is not believed before it is seen twice.

    One that is another each time (a home page, an error with a number) has no third look before the next age.
    """
    before, after = record.revisit or Revisit(), ended(record, State.INDEXED, now, "refresh_doubted", why)
    plan = revisit.again(before, now) if not before.doubted else after.revisit or Revisit()
    return replace(after, revisit=replace(plan, doubted=sketch, looks=before.looks + 1))


def missing(record: Record, now: datetime, why: str, *, good: int, bad: int) -> Record:
    """End a look that found no article; `gone` if that is certain. See `revisit.missing`."""
    before = record.revisit or Revisit()
    after = revisit.missing(before, record.indexed_at or now, now, good=good, bad=bad)
    reason = "gone" if after.gone_at else "missing"
    return replace(
        ended(record, State.INDEXED, now, f"refresh_{reason}", why), revisit=replace(after, looks=before.looks + 1)
    )


def went_home(record: Record, page: Page) -> bool:
    """Return whether a look was sent to the site's home page or to a section, as those at removed articles are."""
    if record.indexed_at is None or _is_home(record.url):
        return False
    return _is_home(page.url) or _is_section(page.url, record.url)


def _is_home(url: str) -> bool:
    parsed = ada_url.URL(url)
    return parsed.pathname.rstrip("/").lower() in HOMES and not parsed.search


def _is_section(url: str, article: str) -> bool:
    """Return whether an address is a section's by its name, or a folder that an article's address is below."""
    path, whole = (ada_url.URL(one).pathname.rstrip("/").lower() for one in (url, article))
    if path == whole or not (name := SECTION.fullmatch(path)):
        return False
    return bool(name["named"]) or whole.startswith(f"{path}/")


def _replan(record: Record, change: Callable[[Revisit], Revisit]) -> Record:
    return replace(record, revisit=change(record.revisit)) if record.revisit else record
