"""Takedown: what stays of an article that must go, and which addresses may never come in again. Pure.

A tombstone has no word of the article: its id is a hash of what all variants of its address share (`ingest/urls.py`).
"""

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

from ingest.errors import Permanent
from ingest.ledger.record import Record, State, Transition
from ingest.mappings import DATE, KEYWORD, OPAQUE, stored
from ingest.model import Entry
from ingest.urls import article_id, canonical, host_of, site_of

REASON: Final = "forgotten"
"""In a tally's `drops`: entries of a host that may not come in."""
AHEAD: Final = 1_000_000
"""Versions by which a forgotten record is ahead of what any worker may still hold of it: all of them lose."""
HEX: Final = 32
PORT: Final = re.compile(r":\d+$")
HOST: Final = re.compile(r"(?:[\w-]+\.)*[\w-]+(?::\d+)?|\[[\da-f:.]+\](?::\d+)?")
"""What may be forgotten: an empty name, or one with a `*`, would mean other people's articles in a search."""
NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""When an article was admitted that never was."""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What was forgotten, for good."""

    id: str = stored(KEYWORD)
    """Id of the article, a hash of its address without what its variants differ in; of a host, a hash of its name."""
    kind: Literal["article", "host"] = stored(KEYWORD)
    """Whether it stands for an article, or for a host and all below it."""
    at: datetime = stored(DATE)
    """When it was forgotten."""
    why: str = stored(OPAQUE, default="")
    """The reason that was given."""
    who: str = stored(KEYWORD, default="")
    """Who did it."""
    host: str = stored(KEYWORD, default="")
    """Name of the host; '' of an article."""
    done_at: datetime | None = stored(DATE, default=None)
    """When all that was stored of it had been deleted; None = that is not finished."""


def of_article(article: str, now: datetime, why: str, who: str) -> Tombstone:
    """Return the tombstone of an article."""
    return Tombstone(article, "article", now, why, who)


def of_host(name: str, now: datetime, why: str, who: str) -> Tombstone:
    """Return the tombstone of a host, whose name is given as people write it: with `www.` or `*.`, or as an address.

    Raises Permanent for what is no host.
    """
    bare = name.strip().removeprefix("*.")
    site = site_of(canonical(bare if "://" in bare else f"http://{bare}/"))
    if not HOST.fullmatch(site):
        raise Permanent("url_invalid", f"{name!r} is no host")
    return Tombstone(key_of(site), "host", now, why, who, site)


def key_of(site: str) -> str:
    """Return the id of a host's tombstone; no article's is the same, since what they hash begins otherwise."""
    return hashlib.sha256(f"host {site}".encode()).hexdigest()[:HEX]


def sites_of(url: str) -> tuple[str, ...]:
    """Return the site of a URL, also without its port, and all domains above it: any of them bars the URL."""
    site = site_of(url) if host_of(url) else ""
    name = PORT.sub("", site)
    labels = name.split(".") if name else []
    above = tuple(".".join(labels[start:]) for start in range(len(labels)))
    return above if name == site else (site, *above)


def keys_of(url: str) -> tuple[str, ...]:
    """Return the ids of all tombstones that would bar a URL."""
    plain = canonical(url)
    return (article_id(plain), *map(key_of, sites_of(plain)))


def is_below(url: str, sites: Collection[str]) -> bool:
    """Return whether a URL, as it was listed, belongs to one of some sites."""
    return any(site in sites for site in sites_of(canonical(url)))


def is_of(record: Record, site: str) -> bool:
    """Return whether a record is of a site: by its address, or by the host that was asked for its page at last."""
    lane = f"http://{record.lane}/" if record.lane else ""
    return any("://" in url and site in sites_of(url) for url in (record.url, lane))


def is_same_page(record: Record) -> bool:
    """Return whether a record ended as a further address of the page that its detail names."""
    return record.state is State.DUPLICATE and "://" in record.detail


def forgotten(record: Record, now: datetime) -> Record:
    """Return what the ledger keeps of a record: that it was admitted, by which source and when, and that it is gone."""
    gone = f"forgotten:{record.id}"
    return Record(
        id=record.id,
        url=gone,
        lane="",
        source_id=record.source_id,
        entry=Entry(gone),
        admitted_at=record.admitted_at,
        asked_at=now,
        due_at=now,
        state=State.FORGOTTEN,
        stage=record.stage,
        version=record.version + AHEAD,
        searchable_s=record.searchable_s,  # counters do not fall
        ended_at=now,
        history=(Transition(now, "forgotten"),),
    )


def never_admitted(article: str, now: datetime) -> Record:
    """Return the record of an article that nobody has listed yet, and that may not come in when somebody does.

    It counts for no source's report: its day is the first of all.
    """
    blank = Record(article, "", "", "", Entry(""), NEVER, now, now)
    return forgotten(blank, now)
