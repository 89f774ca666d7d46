"""When a page was published and changed: by its site's rule, as declared, by its URL, as shown; in this order."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from ingest.dates import When, parse_date
from ingest.dates.address import date_in
from ingest.extract.around import Surroundings
from ingest.extract.dates_shown import Near, Reader, elsewhere, near
from ingest.extract.head import Attributed, Head

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
LIKE_PUBLISHED: Final = re.compile(
    r"(?:publish(?:ed)?|publication|pub|post(?:ed)?)[-_.:]?(?:date|time)$|date[-_.:]?publish(?:ed)?$", re.IGNORECASE
)
"""Suffixes of other names that publishing systems make up: `w-published-date`."""
MONTHS_A_YEAR: Final = 12
A_DAY: Final = timedelta(hours=38)
"""The day's 24 hours and the zone's 14."""
AMERICAN: Final = frozenset({"en", "en-us", "en-ph"})
"""Languages that write the month's figure first."""


@dataclass(frozen=True, slots=True)
class DateContext:
    """What dates are read against: the source's time zone (IANA), the time of the fetch, and what the listing says."""

    timezone: str
    now: datetime
    listed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Moments:
    """When an article was published and last changed."""

    published: Attributed[When | None]
    modified: Attributed[When | None]


def moments(head: Head, around: Surroundings, url: str, clock: DateContext) -> Moments:
    """Return when the article at `url` was published and last changed.

    The listing counts where the page has no date, or only a day. A change that is shown dates an article that nothing
    else dates: it is at least that old.
    """
    month_first = head.language in AMERICAN

    def read(text: str) -> When | None:
        return parse_date(text, clock.timezone, clock.now, month_first=month_first)

    seen = near(around, read)
    change = next((attributed.when for attributed in seen if attributed.changed), None)
    modified = _first([*_linked(head, "dateModified"), *head.meta_values(*MODIFIED)], read)
    ruled = _first(head.by_rule("published"), read)
    published = (
        ruled
        if ruled.value
        else _published(head, [attributed for attributed in seen if not attributed.changed], url, read)
    )
    if not published.value and not seen and (last := elsewhere(around, read, clock.now.date())):
        published = Attributed(None if last.changed else last.when, "shown")
        change = last.when if last.changed else change
    if clock.listed and (not published.value or _is_within(clock.listed, published.value)):
        published = Attributed(When(clock.listed, "second"), "listing")
    return Moments(
        published if published.value else Attributed(change, "changed" if change else ""),
        modified if modified.value else Attributed(change, "shown" if change else ""),
    )


def _is_within(listed: datetime, day: When) -> bool:
    return day.precision == "day" and timedelta(0) <= listed - day.at < timedelta(days=1)


def _published(head: Head, seen: list[Near], url: str, read: Reader) -> Attributed[When | None]:
    """Return the publication among what is declared, seen beside the headline, and named by the URL.

    A date it shows overrules a later one that it declares: sites that move to another system declare the move's day.
    The URL's day overrules a shown one, which may be the last change's, but for the hour that this one tells.
    """
    declared, fresh = _first(_declared(head), read), next((attributed for attributed in seen if attributed.own), None)
    if declared.value:
        if fresh and fresh.spelled and (turned := _turned(declared.value)) and turned.at.date() == fresh.when.at.date():
            return Attributed(turned, declared.origin)
        moved = fresh and fresh.when.at < declared.value.at - A_DAY
        return Attributed(fresh.when, "shown") if fresh and moved else declared
    day = read(date_in(url))
    if fresh and not (day and abs(fresh.when.at - day.at) > A_DAY):
        return Attributed(fresh.when, "shown")
    if day:
        return Attributed(day, "url")
    return Attributed(seen[0].when, "shown") if seen else Attributed(None)


def _turned(when: When) -> When | None:
    """Return a moment with day and month exchanged, None where there is no such day: 5/3 may be either."""
    if when.at.day > MONTHS_A_YEAR or when.at.day == when.at.month:
        return None
    return replace(when, at=when.at.replace(month=when.at.day, day=when.at.month))


def _declared(head: Head) -> Iterator[Attributed[str]]:
    yield from _linked(head, "datePublished")
    yield from head.meta_values(*PUBLISHED)
    yield from head.meta_values(*filter(LIKE_PUBLISHED.search, head.meta))
    page = head.linked.page.get("datePublished")
    if isinstance(page, str):
        yield Attributed(page, "json-ld")


def _linked(head: Head, key: str) -> Iterator[Attributed[str]]:
    return (Attributed(text, "json-ld") for text in head.linked.strings(key))


def _first(places: Iterable[Attributed[str]], read: Reader) -> Attributed[When | None]:
    return next((Attributed(when, place.origin) for place in places if (when := read(place.value))), Attributed(None))
