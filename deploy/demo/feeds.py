"""Builds the newsroom's feeds, RSS 2.0 and Atom, in each site's charset."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from deploy.demo.content import Site, Story
from deploy.demo.pages import Answer, summary

ATOM = "http://www.w3.org/2005/Atom"
DUBLIN = "http://purl.org/dc/elements/1.1/"
register_namespace("dc", DUBLIN)


def feed(site: Site, path: str, current: Sequence[Story], port: int) -> Answer:
    """Return the feed of a site at one path, newest first."""
    mine = [story for story in current if story.site == site and path in story.feeds]
    mine.sort(key=lambda story: story.modified, reverse=True)
    build, content_type = (_atom, "application/atom+xml") if site.kind == "atom" else (_rss, "application/rss+xml")
    root = build(site, path, mine, port)
    body: bytes = tostring(root, encoding=site.charset, xml_declaration=True)
    return Answer(200, {"Content-Type": f"{content_type}; charset={site.charset}"}, body)


def _items(current: Sequence[Story], port: int) -> Iterator[tuple[Story, str]]:
    for story in current:
        for path in story.listed:
            yield story, story.url(port, path)


def _rss(site: Site, path: str, current: Sequence[Story], port: int) -> Element:
    root = Element("rss", version="2.0")
    channel = SubElement(root, "channel")
    _add(channel, "title", site.feeds[path])
    _add(channel, "link", f"http://{site.host}:{port}/")
    _add(channel, "description", site.tagline)
    _add(channel, "language", "ar")
    _add(channel, "lastBuildDate", format_datetime(current[0].modified))
    for story, url in _items(current, port):
        item = SubElement(channel, "item")
        _add(item, "title", story.title)
        _add(item, "link", url)
        _add(item, "description", _teaser(story, port))
        _add(item, f"{{{DUBLIN}}}creator", story.author or site.name)
        _add(item, "category", story.section)
        _add(item, "guid", url).set("isPermaLink", "true")
        if story.listed_date:
            _add(item, "pubDate", format_datetime(story.published))
    return root


def _atom(site: Site, path: str, current: Sequence[Story], port: int) -> Element:
    root = Element("feed", {"xmlns": ATOM, "xml:lang": "ar"})
    _add(root, "id", f"tag:{site.host},2026:feed")
    _add(root, "title", site.feeds[path])
    _add(root, "subtitle", site.tagline)
    _add(root, "updated", _rfc3339(current[0].modified))
    SubElement(root, "link", rel="self", href=f"http://{site.host}:{port}{path}")
    for story, url in _items(current, port):
        entry = SubElement(root, "entry")
        _add(entry, "id", f"tag:{site.host},2026:{story.slug}")
        _add(entry, "title", story.title)
        SubElement(entry, "link", rel="alternate", type="text/html", href=url)
        _add(entry, "updated", _rfc3339(story.modified))
        if story.machine_date:
            _add(entry, "published", _rfc3339(story.published))
        _add(SubElement(entry, "author"), "name", story.author)
        SubElement(entry, "category", term=story.section)
        _add(entry, "summary", _teaser(story, port)).set("type", "html")
    return root


def _add(parent: Element, tag: str, content: str) -> Element:
    child = SubElement(parent, tag)
    child.text = content
    return child


def _teaser(story: Story, port: int) -> str:
    """Return the item's summary as feeds carry it: HTML with an image and a link."""
    image = story.url(port, f"/images/{story.slug}.jpg")
    more = f'<a href="{story.url(port)}">اقرأ المزيد</a>'
    return f'<p><img src="{image}" alt="" width="300" />{escape(summary(story), quote=False)}</p><p>{more}</p>'


def _rfc3339(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
