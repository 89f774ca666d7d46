"""OPML 2.0, the feed readers' list of subscriptions: read and written."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Any, Final

from lxml import etree

from ingest.charset import declared_charsets, decode
from ingest.discover.markup import escape_ampersands, refuse_entities, sound_references
from ingest.discover.parts import DECLARATION, absolute, one_line
from ingest.errors import Permanent
from ingest.model import Source
from ingest.urls import fetchable, host_of, strip_marks

MOST: Final = 10_000
"""Outlines with a feed; what `warraq sources list` shows at most."""
OURS: Final = "urn:warraq:source"
"""Namespace of the attributes that hold a source's further settings, by the names of its fields."""
NOWHERE: Final = "http://invalid.invalid/"
"""What an address without a host would be relative to."""
KINDS: Final = frozenset({"rss", "atom", "feed"})
"""Types of outlines that are subscriptions, whatever the attribute of their address is called."""
FEEDS: Final = frozenset({"feed", "auto"})
SKIPPED: Final = frozenset({"id", "url", "name"})
"""Fields that OPML has attributes of its own for."""


def read_opml(body: bytes) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """Return the settings of each source in an OPML file, by field name, and what could not be read.

    Nested outlines are read, their headings are not kept; an `include` is not followed. Each address counts once.
    Raises Permanent: `not_opml`, `xml_dtd`.
    """
    text = decode(body, declared_charsets("", body)).text
    refuse_entities(text, "the OPML file")
    text, bare = escape_ampersands(sound_references(DECLARATION.sub("", text).strip()))
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    root = etree.fromstring(text.encode("utf-8", "replace") or b"<none/>", parser)
    if root is None or str(root.tag).rpartition("}")[2].lower() != "opml":
        raise Permanent("not_opml", f"its root is no <opml>: {text[:80]!r}")
    found: dict[str, dict[str, Any]] = {}
    problems = [f"malformed, read as far as possible: {error.message}" for error in list(parser.error_log)[:1]]
    problems += [f"{bare} ampersands are not escaped"] if bare else []
    for number, outline in enumerate(_outlines(root), 1):
        if number > MOST:
            problems.append(f"only the first {MOST} were read")
            break
        settings = _settings(outline)
        if settings["url"]:
            found.setdefault(settings["url"], settings)
        else:
            problems.append(f"outline {number} ({settings['name'][:60]!r}) has no http(s) address")
    return list(found.values()), tuple(problems)


def write_opml(sources: Iterable[Source]) -> str:
    """Return an OPML file of sources; `read_opml` gives all their settings back."""
    root = etree.Element("opml", {"version": "2.0"}, nsmap={"warraq": OURS})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "warraq"
    body = etree.SubElement(root, "body")
    for source in sources:
        outline = etree.SubElement(body, "outline", _standard(source))
        for name, value in _own(source):
            outline.set(f"{{{OURS}}}{name}", value)
    return etree.tostring(root, encoding="unicode", pretty_print=True)


def _outlines(root: etree._Element) -> Iterator[etree._Element]:
    """Yield the outlines that are subscriptions, at any depth."""
    for outline in root.iter("{*}outline", "{*}OUTLINE", "{*}Outline"):
        said = {name.lower(): value.strip().lower() for name, value in outline.attrib.items()}
        if "xmlurl" in said or ("url" in said and said.get("type") in KINDS):
            yield outline


def _settings(outline: etree._Element) -> dict[str, Any]:
    """Return what an outline says, by the names of Source's fields. Attribute names come in any case."""
    said = {str(name).lower(): strip_marks(one_line(str(value))) for name, value in outline.attrib.items()}
    ours: dict[str, Any] = {name: said[key] for name in _fields() if (key := f"{{{OURS}}}{name}") in said}
    if languages := ours.get("languages"):
        ours["languages"] = re.findall("[a-z]+", languages)  # «('ar', 'fa')», as earlier versions wrote it, too
    if "revisit_hours" in ours:
        ours["revisit_hours"] = re.findall(r"[0-9.]+", ours["revisit_hours"])
    url = _address(said.get("xmlurl") or said.get("url", ""))
    name = said.get("title") or said.get("text") or (host_of(url) if url else "")
    return {"kind": "feed", **ours, "url": url, "name": name}


def _address(written: str) -> str:
    """Return an address as it is fetched, or ''; readers also write `feed:` before it."""
    try:
        url = fetchable(absolute(written, NOWHERE))
    except Permanent:
        return ""
    return "" if url.startswith(NOWHERE) else url


def _standard(source: Source) -> dict[str, str]:
    kind = "rss" if source.kind in FEEDS else source.kind
    said = {"type": kind, "text": source.name, "title": source.name, "xmlUrl": source.url, "htmlUrl": source.home}
    return {name: value for name, value in said.items() if value}


def _own(source: Source) -> Iterator[tuple[str, str]]:
    """Yield the settings that are not the default's, as text."""
    plain = Source(id=source.id, kind="feed", url=source.url)
    for name in _fields():
        if (value := getattr(source, name)) != getattr(plain, name):
            yield name, ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _fields() -> Iterator[str]:
    return (field.name for field in fields(Source) if field.name not in SKIPPED)
