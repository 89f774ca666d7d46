"""When a page was published and changed: by its site's rule, as declared, by its URL, as shown; in this order."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from ingest.dates import When, parse_date
from ingest.dates.address import date_in
from ingest.extract.around import Surroundings
from ingest.extract.head import Head, Told, line
from ingest.extract.shown import SHORT, Around, Shown, spaced

PUBLISHED: Final = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "og:publish_date",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.created",
    "dc.date",
    "dc:date",
    "dcterms.date",
    "publishdate",
    "publish_date",
    "published-date",
    "published_date",
    "publication_date",
    "published",
    "pubdate",
    "displaydate",
    "datecreated",
    "date",
)
MODIFIED: Final = (
    "article:modified_time",
    "og:article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "last-modified",
    "lastmod",
    "updated",
)
A_DAY: Final = timedelta(hours=38)
"""24 hours of the day, 14 of the zone."""
DATES: Final = 3
"""Dates near the headline that are compared."""
TEXTS: Final = 24
"""Texts near the headline that are tried."""
LIFTS: Final = 2
"""Boxes around a text that are tried where a date is spread over elements."""
AMERICAN: Final = frozenset({"en", "en-us", "en-ph"})
"""Languages that write the month's figure first."""


Reader = Callable[[str], When | None]


@dataclass(frozen=True, slots=True)
class Clock:
    """What dates are read against: the source's time zone (IANA), the time of the fetch, and what the listing told."""

    timezone: str
    now: datetime
    listed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Moments:
    """When an article was published and last changed."""

    published: Told[When | None]
    modified: Told[When | None]


def moments(head: Head, around: Surroundings, url: str, clock: Clock) -> Moments:
    """Return when the article at `url` was published and last changed.

    The listing's word counts where the page has none, or names only the day. A change that is shown dates what nothing
    else does: the article is no younger.
    """
    month_first = head.language in AMERICAN

    def read(text: str) -> When | None:
        return parse_date(text, clock.timezone, clock.now, month_first=month_first)

    seen = list(islice(_dated(around.near, read), DATES))
    change = next((told.when for told in seen if told.changed), None)
    modified = _first([*_linked(head, "dateModified"), *head.told(*MODIFIED)], read)
    ruled = _first(head.by_rule("published"), read)
    published = ruled if ruled.value else _published(head, [told for told in seen if not told.changed], url, read)
    if not published.value and not seen and (last := _above(around, read, clock) or _lonely(around, read, clock)):
        published = Told(last.when, "shown")
    if clock.listed and (not published.value or _is_within(clock.listed, published.value)):
        published = Told(When(clock.listed, "second"), "listing")
    return Moments(
        published if published.value else Told(change, "changed" if change else ""),
        modified if modified.value else Told(change, "shown" if change else ""),
    )


def _is_within(listed: datetime, day: When) -> bool:
    return day.precision == "day" and timedelta(0) <= listed - day.at < timedelta(days=1)


def _published(head: Head, seen: list["_Near"], url: str, read: Reader) -> Told[When | None]:
    """Return the publication among what is declared, seen beside the headline, and named by the URL.

    A date it shows overrules a later one that it declares: sites that move to another system declare the move's day.
    """
    declared, fresh = _first(_declared(head), read), next((told for told in seen if told.own), None)
    if declared.value:
        moved = fresh and fresh.when.at < declared.value.at - A_DAY
        return Told(fresh.when, "shown") if fresh and moved else declared
    if fresh:
        return Told(fresh.when, "shown")
    if day := read(date_in(url)):
        return Told(day, "url")
    return Told(seen[0].when, "shown") if seen else Told(None)


def _declared(head: Head) -> Iterator[Told[str]]:
    yield from _linked(head, "datePublished")
    yield from head.told(*PUBLISHED)
    page = head.linked.page.get("datePublished")
    if isinstance(page, str):
        yield Told(page, "json-ld")


def _linked(head: Head, key: str) -> Iterator[Told[str]]:
    return (Told(text, "json-ld") for text in head.linked.strings(key))


def _first(places: Iterable[Told[str]], read: Reader) -> Told[When | None]:
    return next((Told(when, place.source) for place in places if (when := read(place.value))), Told(None))


@dataclass(frozen=True, slots=True)
class _Near:
    """A date near the headline."""

    when: When
    own: bool
    changed: bool
    published: bool


def _dated(near: Around, read: Reader) -> Iterator[_Near]:
    """Yield the dates that are shown near the headline, time elements first."""
    for shown in near.times():
        if when := read(shown.text) or read(line(shown.node.text_content())):
            yield _Near(when, shown.own and not shown.listed, shown.changed, shown.published)
    for shown in islice(near.dated(), TEXTS):
        for lifted in _lifted(shown):
            if when := read(lifted.text):
                yield _Near(when, shown.own and not shown.listed, lifted.changed, lifted.published)
                break


def _above(around: Surroundings, read: Reader, clock: Clock) -> _Near | None:
    """Return the nearest date above the headline."""
    seen = list(_dated(around.above, read))
    return next((told for told in reversed(seen) if not _is_of_visit(told, clock)), None)


def _lonely(around: Surroundings, read: Reader, clock: Clock) -> _Near | None:
    """Return the one day that the whole page calls its publication, or the only one it shows at all."""
    seen = [told for told in _dated(around.page, read) if not _is_of_visit(told, clock)]
    for some in ([told for told in seen if told.published], seen):
        if len({told.when.at.date() for told in some}) == 1 and not some[0].changed:
            return some[0]
    return None


def _is_of_visit(told: _Near, clock: Clock) -> bool:
    """Tell whether it is the day of the fetch, which sites print for their visitors."""
    return told.when.at.date() >= clock.now.date() - timedelta(days=1)


def _lifted(shown: Shown) -> Iterator[Shown]:
    """Yield a text, and the short boxes around it: «23», «نوفمبر» and «2026» may be three elements."""
    yield shown
    node = shown.node
    for _ in range(LIFTS):
        text = spaced(node)
        if len(text) > SHORT:
            return
        yield replace(shown, text=text, node=node)
        if (parent := node.getparent()) is None:
            return
        node = parent
