"""Changes as an Atom feed (RFC 4287), for feed readers: the newest first, the words that changed marked."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from html import escape
from itertools import chain
from typing import Final
from xml.etree import ElementTree as ET

from ingest.revisions.difference import Piece, words
from ingest.revisions.revision import Revision

NAMESPACE: Final = "http://www.w3.org/2005/Atom"
TAGS: Final = {"same": "span", "cut": "del", "new": "ins"}
FORBIDDEN: Final = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000), 65534, 65535))
"""Characters that XML cannot hold."""


def atom(revisions: Iterable[Revision], now: datetime) -> str:
    """Return the feed of some changes."""
    newest = sorted(revisions, key=lambda one: (one.seen_at, one.number), reverse=True)
    feed = ET.Element("feed", {"xmlns": NAMESPACE, "xml:lang": "ar"})
    _add(feed, "id", "tag:warraq,2026:changes")
    _add(feed, "title", "warraq: changes")
    _add(feed, "updated", (newest[0].seen_at if newest else now).isoformat())
    for one in newest:
        feed.append(_entry(one))
    return ET.tostring(feed, encoding="unicode", xml_declaration=True).translate(FORBIDDEN) + "\n"


def difference(revision: Revision) -> str:
    """Return the changed passages as HTML, right to left."""
    passages = (words(change.before, change.after) for change in revision.changes)
    return "".join(f'<p dir="auto">{"".join(_marked(passage))}</p>' for passage in passages)


def _entry(revision: Revision) -> ET.Element:
    entry = ET.Element("entry")
    kinds = ", ".join(revision.kinds)
    _add(entry, "id", f"urn:warraq:{revision.id}")
    _add(entry, "title", f"[{kinds}] {revision.title}")
    _add(entry, "updated", revision.seen_at.isoformat())
    ET.SubElement(_add(entry, "author", ""), "name").text = revision.host or "warraq"
    ET.SubElement(entry, "link", {"rel": "alternate", "href": revision.url})
    for kind in revision.kinds:
        ET.SubElement(entry, "category", {"term": kind})
    _add(entry, "content", difference(revision) or kinds, type="html")
    return entry


def _marked(passage: Sequence[Piece]) -> Iterator[str]:
    pieces = ((TAGS[one.what], escape(one.text)) for one in passage)
    return chain.from_iterable((f"<{tag}>{text}</{tag}>", " ") for tag, text in pieces)


def _add(parent: ET.Element, name: str, text: str, **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, name, attributes)
    child.text = text
    return child
