"""A search as a feed: Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1, for feed readers."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import Any
from xml.etree import ElementTree as ET

from ingest.revisions.atom import FORBIDDEN, NAMESPACE


@dataclass(frozen=True, slots=True)
class Item:
    """An article in a feed."""

    id: str
    title: str
    url: str
    at: datetime
    changed_at: datetime
    site: str
    teaser: str
    """What may be shown of it."""
    language: str
    authors: tuple[str, ...]
    section: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: what it is called, where it is, and its newest articles."""

    title: str
    address: str
    home: str
    """The page with the same search."""
    items: tuple[Item, ...]
    now: datetime

    @property
    def changed_at(self) -> datetime:
        """When its newest article came, or changed."""
        return max((one.changed_at for one in self.items), default=self.now)


def atom(feed: Feed) -> str:
    """Return an Atom feed."""
    root = ET.Element("feed", {"xmlns": NAMESPACE, "xml:lang": "ar"})
    _add(root, "id", feed.address)
    _add(root, "title", feed.title)
    _add(root, "updated", feed.changed_at.isoformat())
    ET.SubElement(root, "link", {"rel": "self", "href": feed.address})
    ET.SubElement(root, "link", {"rel": "alternate", "href": feed.home})
    for one in feed.items:
        entry = ET.SubElement(root, "entry", {"xml:lang": one.language} if one.language else {})
        _add(entry, "id", f"urn:warraq:{one.id}")
        _add(entry, "title", one.title)
        _add(entry, "published", one.at.isoformat())
        _add(entry, "updated", one.changed_at.isoformat())
        for name in one.authors or (one.site,):
            _add(ET.SubElement(entry, "author"), "name", name)
        ET.SubElement(entry, "link", {"rel": "alternate", "href": one.url})
        if one.section:
            ET.SubElement(entry, "category", {"term": one.section})
        _add(entry, "summary", one.teaser)
    return _written(root)


def rss(feed: Feed) -> str:
    """Return an RSS feed."""
    root = ET.Element("rss", {"version": "2.0", "xmlns:dc": "http://purl.org/dc/elements/1.1/"})
    channel = ET.SubElement(root, "channel")
    for name, text in (("title", feed.title), ("link", feed.home), ("description", feed.title), ("language", "ar")):
        _add(channel, name, text)
    _add(channel, "lastBuildDate", format_datetime(feed.changed_at))
    ET.SubElement(channel, "atom:link", {"xmlns:atom": NAMESPACE, "rel": "self", "href": feed.address})
    for one in feed.items:
        item = ET.SubElement(channel, "item")
        _add(item, "title", one.title)
        _add(item, "link", one.url)
        ET.SubElement(item, "guid", {"isPermaLink": "false"}).text = f"urn:warraq:{one.id}"
        _add(item, "pubDate", format_datetime(one.at))
        for name in one.authors or (one.site,):
            _add(item, "dc:creator", name)
        if one.section:
            _add(item, "category", one.section)
        _add(item, "description", escape(one.teaser, quote=False))  # feed readers take this element for HTML
    return _written(root)


def json_feed(feed: Feed) -> str:
    """Return a JSON Feed."""
    made = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.address,
        "language": "ar",
        "items": [_json(one) for one in feed.items],
    }
    return json.dumps(made, ensure_ascii=False)


def _json(one: Item) -> dict[str, Any]:
    names: Sequence[str] = one.authors or (one.site,)
    return {
        "id": f"urn:warraq:{one.id}",
        "url": one.url,
        "title": one.title,
        "content_text": one.teaser,
        "date_published": one.at.isoformat(),
        "date_modified": one.changed_at.isoformat(),
        "authors": [{"name": name} for name in names],
        **({"language": one.language} if one.language else {}),
        **({"tags": [one.section]} if one.section else {}),
    }


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text


def _written(root: ET.Element) -> str:
    return ET.tostring(root, encoding="unicode", xml_declaration=True).translate(FORBIDDEN) + "\n"
