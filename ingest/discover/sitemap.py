"""Sitemaps (sitemaps.org 0.9): plain, of news (Google's news: namespace), of text lines, and indices of them."""

import io
import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Final

from lxml import etree

from ingest.discover.markup import escape_ampersands, first_tags, opening, refuse_entities, sound_references
from ingest.discover.parts import DECLARATION, LONGEST_FIELD, MOST, absolute, each, moment, one_line, text_of
from ingest.errors import Permanent
from ingest.model import Entry, Page, Source
from ingest.polling.listing import Further, Listing
from ingest.urls import strip_marks

ROOT: Final = re.compile(r"<(?:\w+:)?(?:urlset|sitemapindex)[\s/>]", re.IGNORECASE)
READ: Final = 50_000
"""Entries that are looked at, by the protocol; the newest MOST of them are taken."""
MARKS: Final = 1_000_000
"""Start and end tags: of READ entries with 10 elements each. libxml2 needs about 110 bytes for an element."""
TAGS: Final = 30
TAGS_READ: Final = ("{*}url", "{*}sitemap", "{*}URL", "{*}SITEMAP")
JUNK: Final = 10_000
"""Characters in which a declaration is looked for, which may follow a server's warnings."""
UNREAD: Final = 10
"""Maximum unreadable entries that are reported one by one."""
MEDIA: Final = frozenset({"image", "video"})
MEDIA_NAMESPACE, FILM_NAMESPACE = "/sitemap-image", "/sitemap-video"
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
    found, unread = each(
        _elements(text, problems), lambda one: _read(*one, source, page), lambda one: one[1].get("loc")
    )
    problems += unread[:UNREAD]
    entries = [one for one in found if isinstance(one, Entry)]
    parts = (one for one in found if isinstance(one, Further) and one.url)
    return Listing(*_newest(entries, problems), further=tuple(sorted(parts, key=_age)))


def _read(name: str, fields: dict[str, str], source: Source, page: Page) -> Entry | Further:
    return _entry(fields, source, page) if name == "url" else _part(fields, source, page)


def _part(fields: dict[str, str], source: Source, page: Page) -> Further:
    changed = moment(fields.get("lastmod", ""), source, page)
    return Further(absolute(fields.get("loc", ""), page.url), "sitemap", changed_at=changed)


def _elements(text: str, problems: list[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield ('url' or 'sitemap', its texts by local name) one by one; the whole tree is never in memory.

    A malformed file is read as far as possible. Of several images the first one counts.
    """
    start = max(text.find("<?xml", 0, JUNK), 0)
    text, bare = escape_ampersands(sound_references(DECLARATION.sub("", text[start:])))
    if bare:
        problems.append(f"{bare} ampersands are not escaped")
    data = io.BytesIO(text.encode("utf-8", "replace"))
    parser = etree.iterparse(
        data,
        events=("end",),
        tag=TAGS_READ,
        recover=True,
        resolve_entities=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )
    number = 0
    try:
        for _, element in parser:
            fields: dict[str, str] = {}
            for child in element.iterdescendants():
                if isinstance(child.tag, str) and child.text:
                    fields.setdefault(_name(child.tag), child.text[:LONGEST_FIELD].strip())
            yield _name(str(element.tag)), fields
            number += 1
            element.clear(keep_tail=False)
            while (before := element.getprevious()) is not None:
                before.getparent().remove(before)
            if number >= READ:
                problems.append(f"only the first {READ} entries were read")
                return
    except etree.XMLSyntaxError as error:
        problems.append(f"malformed, read as far as possible: {error}")
        return
    problems += [f"malformed, read as far as possible: {error.message}" for error in list(parser.error_log)[:1]]


@lru_cache(256)
def _name(tag: str) -> str:
    """Return an element's name without namespace or prefix, declared or not; with one of a picture or a video.

    Those have a loc, a title and a date of their own.
    """
    place, _, name = tag.rpartition("}")
    prefix, _, local = name.rpartition(":")
    if prefix in MEDIA or MEDIA_NAMESPACE in place or FILM_NAMESPACE in place:
        return f"{prefix if prefix in MEDIA else place.rpartition('-')[2][:5]}:{local}"
    return local.lower()


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
    lines = text[: READ * 200].split(maxsplit=READ)[:READ]
    if not lines or not strip_marks(lines[0]).startswith(("http://", "https://")):
        raise Permanent("not_a_sitemap", f"{page.url} is {page.header('content-type') or 'of no type'}: {text[:80]!r}")
    problems = [*lost]
    written = (strip_marks(line) for line in lines)  # none is relative: the protocol wants whole addresses
    urls = (absolute(line, page.url) if line[:4].lower() == "http" else "" for line in written)
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
