"""A page of results, from Elasticsearch's answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Final
from urllib.parse import quote

from ingest.desk import request
from ingest.desk.asked import FACETS, PAGES, PER_PAGE, Asked
from ingest.desk.bars import Bars, Unit, bars, fits, units
from ingest.desk.meant import FEW, Guess, as_written, meant, spellings
from ingest.desk.readable import is_reference, moment
from ingest.desk.span import Span, span
from ingest.desk.words import words
from workers.desk.answers import is_partial
from workers.desk.desk import Desk
from workers.desk.library import Library

DAY: Final = "day"


@dataclass(frozen=True, slots=True)
class Hit:
    """An article in a list; what matched stands between `articles.MARKS`."""

    id: str
    title: str
    snippets: tuple[str, ...]
    site: str
    at: datetime | None
    dated: bool
    """Whether only the day of its publication was written."""
    more: int
    """Further articles of its story that match."""
    reference: bool
    """Whether its page reserves its text."""
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet."""

    value: str
    name: str
    articles: int | None
    """None: it is chosen, and not among the most frequent."""
    chosen: bool
    address: str
    """Where it is chosen, or no longer."""


@dataclass(frozen=True, slots=True)
class Results:
    """A page of results."""

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[Choice, ...]]
    bars: Bars
    guess: Guess | None
    further: bool
    """Whether there is a next page."""
    partial: bool
    """Whether a part of the archive did not answer."""


def results(desk: Desk, asked: Asked) -> Results:
    """Search. Raises Permanent (`bad_date`, `too_deep`), and what Elasticsearch's client raises."""
    within = span(asked.since, asked.until, desk.now(), desk.zone)
    wanted = units(within)
    found, beside = desk.library.results(asked, within, units=wanted, zone=str(desk.zone))
    hits, total = found["hits"]["hits"][:PER_PAGE], int(found["hits"]["total"]["value"])
    stories = (hit["_source"].get("story", "") for hit in hits if hit["_source"].get("story_role"))
    several = () if asked.each else tuple(filter(None, stories))
    told = desk.library.told(asked, within, several)
    names = desk.library.names()
    return Results(
        total=total,
        hits=tuple(hit_of(hit, names, told) for hit in hits),
        facets={name: _choices(asked, name, request.buckets(beside, name), names) for name in FACETS},
        bars=_bars({unit: request.buckets(beside, unit) for unit in wanted}, desk.zone),
        guess=guess(desk.library, asked, within, total) if total < FEW and asked.page == 1 else None,
        further=len(found["hits"]["hits"]) > PER_PAGE and asked.page < PAGES,
        partial=is_partial(found) or is_partial(beside),
    )


def hit_of(found: Mapping[str, Any], names: Mapping[str, str], told: Mapping[str, int]) -> Hit:
    """Return an article of an answer of Elasticsearch."""
    document, marked = found["_source"], found.get("highlight", {})
    host = document.get("host", "")
    published = document.get("published_at")
    return Hit(
        id=found["_id"],
        title=marked.get("title", [document["title"]])[0],
        snippets=tuple(" ".join(one.split()) for one in marked.get("body", [])) or _teaser(document),
        site=document.get("site") or names.get(host, host),
        at=datetime.fromisoformat(published) if published else None,
        dated=document.get("published_precision") == DAY,
        more=max(0, told.get(document.get("story", ""), 1) - 1),
        reference=is_reference(document),
        document=document,
    )


def guess(library: Library, asked: Asked, within: Span, total: int) -> Guess | None:
    """Return another spelling of the words that finds much more, if there is one."""
    if not words(asked.text).plain:
        return None
    texts = spellings(asked.text, library.suggested(asked.text))
    counts = library.counts([request.everything(Asked(text=one, exact=True), within) for one in texts])
    found = meant(total, [Guess(one, count) for one, count in zip(texts, counts, strict=True)])
    if found is None:
        return None
    written = as_written(found.text, library.words_of(request.everything(Asked(text=found.text, exact=True), within)))
    return Guess(written, found.articles)


def _teaser(document: Mapping[str, Any]) -> tuple[str, ...]:
    return (document["summary"],) if document.get("summary") else ()


def _choices(
    asked: Asked, facet: str, buckets: Sequence[Mapping[str, Any]], names: Mapping[str, str]
) -> tuple[Choice, ...]:
    base = asked.at(1).query_string()
    here = f"/?{base}&{facet}=" if base else f"/?{facet}="
    chosen, counts = asked.facets[facet], {str(one["key"]): int(one["doc_count"]) for one in buckets}
    values = [*(one for one in chosen if one not in counts), *counts]
    return tuple(
        Choice(
            one,
            names.get(one, one) if facet == "source" else one,
            counts.get(one),
            one in chosen,
            f"/?{asked.toggled(facet, one).query_string()}" if one in chosen else here + quote(one),
        )
        for one in values
        if one
    )


def _bars(found: Mapping[Unit, Sequence[Mapping[str, Any]]], zone: tzinfo) -> Bars:
    counts = {
        unit: [(at, int(one["doc_count"])) for one in buckets if (at := moment(one["key_as_string"]))]
        for unit, buckets in found.items()
        if fits(unit, len(buckets))
    }
    return bars(counts, zone)
