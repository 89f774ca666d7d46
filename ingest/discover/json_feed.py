"""JSON Feed 1.0 and 1.1 (jsonfeed.org)."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any, Final

from ingest.discover.inline import inline
from ingest.discover.parts import LONGEST_TEXT, MOST, absolute, each, linked, moment, one_line, plain_text, text_of
from ingest.errors import Permanent
from ingest.model import Entry, Page, Source
from ingest.polling.listing import Further, Listing
from ingest.urls import same_site, strip_marks

VERSION: Final = re.compile(r'"version"\s*:\s*"https?:\\?/\\?/(?:www\.)?jsonfeed\.org\\?/version')
ITEMS: Final = re.compile(r'"items"\s*:\s*\[')
GAP: Final = re.compile(r"[\s,]*")
NEXT: Final = re.compile(r"\}\s*,\s*(?=\{)")
"""Where an item may begin, after one that cannot be read."""
BROKEN: Final = 20
"""Items that cannot be read before the rest is given up: each may cost a look at the whole text."""
BEFORE: Final = re.compile(rf"(?!\s*<(?:[?!]|\w+:|rss|feed|html|head))[^{{]{{0,2048}}(?=\{{\s*{VERSION.pattern})")
"""What servers put before JSON: warnings, a guard against scripts, the call of a function."""
READER: Final = json.JSONDecoder(strict=False, parse_int=str, parse_float=str)
"""Accepts line breaks in strings; numbers stay text, since parsing a long one takes quadratic time."""
SUMMARY: Final = 1000
"""As in `feed`."""
TAGS: Final = 30
LONGEST_NAME: Final = 200

Json = Mapping[str, Any]


def looks_like_json_feed(text: str) -> bool:
    """Return whether a text is a JSON object that says it is a feed."""
    return bool(BEFORE.match(text) or (text.lstrip("\ufeff \t\r\n").startswith("{") and VERSION.search(text)))


def discover(source: Source, page: Page) -> Listing:
    """Return the entries of a JSON Feed. Raises Permanent: `not_a_feed`, and what `text_of` raises."""
    text, lost = text_of(page)
    feed, malformed = _parse(text)
    items = feed.get("items", ()) or []  # null is how some languages write an empty list
    if not isinstance(items, list) or "items" not in feed:
        raise Permanent("not_a_feed", f"{page.url} has no list of items: {text[:80]!r}")
    problems = [*lost, *malformed]
    if len(items) > MOST:
        problems.append(f"{len(items)} entries: only the first {MOST} were read")
    objects = [item if isinstance(item, dict) else {} for item in items[:MOST]]
    read, unread = each(objects, lambda item: _entry(item, feed, source, page), lambda item: item.get("title"))
    entries, unlinked = linked(read)
    problems += [*unread, *unlinked]
    older = absolute(_text(feed, "next_url"), page.url)
    hubs = (absolute(_text(hub, "url"), page.url) for hub in _objects(feed.get("hubs")))
    return Listing(
        tuple(entries),
        tuple(problems),
        (Further(older, older=True),) if older else (),
        self_url=absolute(_text(feed, "feed_url"), page.url),
        hub_url=next((hub for hub in hubs if hub), ""),
    )


def _parse(text: str) -> tuple[Json, tuple[str, ...]]:
    """Return the feed; of a malformed one, the items that can be read, and a sentence about it."""
    try:
        feed, end = READER.raw_decode(text, max(text.find("{"), 0))
    except (ValueError, RecursionError) as error:
        return _salvaged(text), (f"malformed, read as far as possible: {error}",)
    more = text[end:].strip()
    return feed if isinstance(feed, dict) else {}, (
        f"malformed, read as far as possible: {more[:40]!r} follows it",
    ) if more else ()


def _salvaged(text: str) -> Json:
    if not (start := ITEMS.search(text)):
        return {}
    items: list[object] = []
    at, broken = start.end(), 0
    while len(items) <= MOST and broken <= BROKEN:
        at = GAP.match(text, at).end()  # type: ignore[union-attr]  # always matches
        if text[at : at + 1] == "]" and not broken:
            break
        try:
            item, at = READER.raw_decode(text, at)
        except (ValueError, RecursionError):
            if not (following := NEXT.search(text, at)):
                break
            item, at, broken = {}, following.end(), broken + 1
        items.append(item)
    return {"items": items}


def _entry(item: Json, feed: Json, source: Source, page: Page) -> Entry:
    """Return an item as an Entry. `url` is the article; an `external_url` is what a link post points to."""
    links = (absolute(_text(item, name), base_of(feed, page.url)) for name in ("url", "external_url"))
    html = _text(item, "content_html")
    content = html or "".join(f"<p>{escape(line)}</p>" for line in _text(item, "content_text").splitlines())
    entry = Entry(
        url=next((link for link in links if link), "") or _permalink(_text(item, "id")),
        title=plain_text(_text(item, "title")),
        summary=plain_text(_text(item, "summary") or content)[:SUMMARY],
        published_at=moment(_text(item, "date_published"), source, page),
        updated_at=moment(_text(item, "date_modified"), source, page),
        language=one_line(_text(item, "language") or _text(feed, "language")),
        authors=tuple(_authors(item)) or tuple(_authors(feed)),
        tags=tuple(_tags(item))[:TAGS],
        image=absolute(_text(item, "image") or _text(item, "banner_image"), page.url),
    )
    return inline(source, entry, page, content) if source.full_text else entry


def base_of(feed: Json, url: str) -> str:
    """Return what relative links are relative to: the feed's address or, if that is another site's, its home page."""
    home = absolute(_text(feed, "home_page_url"), url)
    return home if home and not same_site(home, url) else url


def _permalink(key: str) -> str:
    """Return an id that is an address, as the specification advises, or ''."""
    bare = strip_marks(key)
    return absolute(bare, bare) if bare[:8].lower().startswith(("http://", "https://")) else ""


def _authors(one: Json) -> Iterator[str]:
    """Yield the names of 1.1's `authors` and 1.0's `author`; some write them without the object around."""
    people = (*_listed(one.get("authors")), one.get("author"))
    names = (_text(person, "name") if isinstance(person, dict) else person for person in people)
    return (name for written in names if isinstance(written, str) and (name := plain_text(written[:LONGEST_NAME])))


def _tags(item: Json) -> Iterable[str]:
    found = (plain_text(tag) for tag in _listed(item.get("tags")) if isinstance(tag, str))
    return dict.fromkeys(tag for tag in found if tag)


def _objects(value: object) -> Iterator[Json]:
    return (one for one in _listed(value) if isinstance(one, dict))


def _listed(value: object) -> list[object]:
    """Return a list as it is, a single value as a list of it."""
    return value if isinstance(value, list) else [value]


def _text(one: Json, name: str) -> str:
    value = one.get(name)
    return value[:LONGEST_TEXT] if isinstance(value, str) else ""
