"""Sitemaps (sitemaps.org 0.9): plain, of news (Google's news: namespace), of text lines, and indices of them."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from ingest.discover.markup import first_tags, opening, refuse_entities
from ingest.discover.parts import MOST, absolute, each, moment, one_line, text_of
from ingest.discover.sitemap_xml import READ, ROOT, Element, elements, is_short, one_by_one
from ingest.errors import Permanent
from ingest.model import Entry, Page, Source
from ingest.polling.listing import Further, Listing
from ingest.urls import strip_marks

MARKS: Final = 1_000_000
"""Start and end tags: of READ entries with 10 elements each. libxml2 needs about 110 bytes for an element."""
TAGS: Final = 30
UNREAD: Final = 10
"""Maximum unreadable entries that are reported one by one."""
LINE: Final = re.compile(r"[\r\n]++|(?<!\s)\s++(?=https?://)", re.IGNORECASE)
WEB: Final = re.compile("https?://", re.IGNORECASE)
KEYWORDS: Final = re.compile(r"[,،;؛]")


def looks_like_sitemap(text: str) -> bool:
    """Return whether a sitemap's root element stands where it should."""
    return bool(ROOT.search(opening(text)))


def discover(source: Source, page: Page) -> Listing:
    """Return the entries of a sitemap, newest first, or the sitemaps of an index.

    Raises Permanent: `not_a_sitemap`, `xml_dtd`, and what `text_of` raises.
    """
    text, lost = text_of(page)
    if not looks_like_sitemap(text):
        return _of_lines(text, page, lost)
    refuse_entities(text, page.url)
    text, cut = first_tags(text, MARKS)
    problems = [*lost, *cut]
    found, unread = _all(elements(text, problems), source, page)
    if is_short(text, len(found) + len(unread), malformed=len(problems) > len(lost) + len(cut)):
        found, unread = _all(one_by_one(text), source, page)
    problems += unread[:UNREAD]
    entries = [one for one in found if isinstance(one, Entry)]
    parts = (one for one in found if isinstance(one, Further) and one.url)
    return Listing(*_newest(entries, problems), further=tuple(sorted(parts, key=_age)))


def _all(fields: Iterator[Element], source: Source, page: Page) -> tuple[list[Entry | Further], list[str]]:
    return each(fields, lambda one: _read(*one, source, page), lambda one: one[1].get("loc"))


def _read(name: str, fields: dict[str, str], source: Source, page: Page) -> Entry | Further:
    return _entry(fields, source, page) if name == "url" else _part(fields, source, page)


def _part(fields: dict[str, str], source: Source, page: Page) -> Further:
    changed = moment(fields.get("lastmod", ""), source, page)
    return Further(absolute(fields.get("loc", ""), page.url), "sitemap", changed_at=changed)


def _entry(fields: dict[str, str], source: Source, page: Page) -> Entry:
    published = fields.get("publication_date", "")
    tags = dict.fromkeys(one_line(tag) for tag in KEYWORDS.split(fields.get("keywords", "")) if tag.strip())
    return Entry(
        url=absolute(fields.get("loc", ""), page.url),
        title=one_line(fields.get("title", "")),
        published_at=moment(published, source, page),
        updated_at=moment(fields.get("lastmod", ""), source, page),
        language=one_line(fields.get("language", "")),
        tags=tuple(tags)[:TAGS],
        image=absolute(fields.get("image:loc", ""), page.url),
    )


def _of_lines(text: str, page: Page, lost: tuple[str, ...]) -> Listing:
    """Return the entries of a text sitemap: one address a line. Raises Permanent (`not_a_sitemap`)."""
    written = (strip_marks(line) for line in LINE.split(text[: READ * 200].strip(), READ)[:READ])
    lines = [line for line in written if line and line[0] != "#"]
    if not lines or not WEB.match(lines[0]):
        raise Permanent("not_a_sitemap", f"{page.url} is {page.header('content-type') or 'of no type'}: {text[:80]!r}")
    problems = [*lost]
    urls = (absolute(line, page.url) if WEB.match(line) else "" for line in lines)  # the protocol has no relative ones
    return Listing(*_newest([Entry(url) for url in urls], problems))


def _newest(entries: list[Entry], problems: list[str]) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """Return the newest MOST entries with a link, and the sentences about them."""
    linked = [entry for entry in entries if entry.url]
    if unlinked := len(entries) - len(linked):
        problems.append(f"{unlinked} entries have no http(s) link")
    if len(linked) > MOST:
        problems.append(f"{len(linked)} entries: only the newest {MOST} were taken")
    return tuple(sorted(linked, key=_age)[:MOST]), tuple(problems)


def _age(one: Entry | Further) -> float:
    """Return a key that puts the newest first, and what has no date last."""
    at: datetime | None = one.changed_at if isinstance(one, Further) else one.published_at or one.updated_at
    return -at.timestamp() if at else 0.0
