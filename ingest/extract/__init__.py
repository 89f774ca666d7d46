"""Source, Entry and Page -> Article, as published: nothing is cleaned here but white space."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from lxml import etree, html

from ingest.charset import Decoded, declared_charsets, decode
from ingest.errors import Rejected
from ingest.extract import limits, metadata
from ingest.extract.body.choice import choose_body
from ingest.extract.gate import wall_of
from ingest.extract.jsonld import strings
from ingest.extract.language import language_of
from ingest.extract.metadata import first
from ingest.extract.rules import SiteRules, rules_for, values_by_rule
from ingest.extract.shown import line
from ingest.model import Article, Entry, Page, Source
from ingest.policy.rights import licensed, rights_of
from ingest.quality import Quality
from ingest.textfile import is_text, read_text
from ingest.urls import article_id, canonical, host_of

NO_RULES: Final[Mapping[str, SiteRules]] = MappingProxyType({})
SILENT: Final = 50_000
"""A page of so many bytes must have text: libxml2 returns an empty tree, and no error, when a limit is passed."""
ONE_CLASS: Final = etree.ElementDefaultClassLookup(element=html.HtmlElement)
"""lxml.html's own lookup runs Python for each element that is touched, to tell forms apart: a millisecond a page."""
OF_HEAD: Final = frozenset({"base", "link", "meta", "noscript", "script", "style", "template", "title"})


def extract(
    source: Source,
    entry: Entry,
    page: Page,
    *,
    rules: Mapping[str, SiteRules] = NO_RULES,
    seen: frozenset[int] = frozenset(),
) -> Article:
    """Return what the page says.

    `rules` are the site rules by host (rules.py); `seen` the hashes of lines and titles that the host's other articles
    have too (repeated.py): such lines are left out, such a title is the site's name. Raises Rejected:
    `empty`, `parse_empty`; Permanent when the entry's URL is invalid.
    """
    if source.kind == "text" or is_text(page):
        return _from_text(source, entry, page)
    return _from_html(source, entry, page, rules, seen)


def _from_text(source: Source, entry: Entry, page: Page) -> Article:
    text, url = read_text(page.body), canonical(entry.url)
    return Article(
        id=article_id(url),
        url=url,
        title=line(text.title),
        body=text.body,
        summary=entry.summary,
        caption=line(text.caption),
        published_at=entry.published_at,
        modified_at=entry.updated_at,
        language=language_of("", text.body),
        site=source.name,
        host=host_of(url),
        source_id=source.id,
        charset=text.charset,
        undecoded=text.undecoded or None,
        fetched_at=page.fetched_at,
        rights=licensed(rights_of(page), source),
        quality=Quality("text"),
    )


def _from_html(
    source: Source, entry: Entry, page: Page, rules: Mapping[str, SiteRules], seen: frozenset[int]
) -> Article:
    decoded, url = _decoded(page), canonical(page.url)
    tree = parse(decoded.text, len(page.body))
    elements = list(tree.iter())  # noqa: F841  # lxml makes an element anew for each walk, unless it is kept
    mine = rules_for(host_of(url), page.fetched_at, rules)
    head = metadata.read_head(tree, values_by_rule(tree, mine), entry.title, seen)
    said = metadata.read(head, page.url, metadata.DateContext(source.timezone, page.fetched_at, entry.published_at))
    chosen = choose_body(tree, decoded.text, head.article, mine, seen, said.title.value)
    return Article(
        **_described(said, source, entry),
        id=article_id(canonical(entry.url)),
        url=url,
        body=chosen.text,
        summary=first((*head.named(*metadata.SUMMARY), *strings(head.article.get("description")), entry.summary)),
        language=language_of(tree.get("lang") or tree.get("xml:lang") or "", chosen.text),
        host=host_of(url),
        source_id=source.id,
        charset=decoded.charset,
        undecoded=decoded.replaced or None,
        fetched_at=page.fetched_at,
        rights=licensed(rights_of(page, tree), source),
        quality=replace(chosen.quality, wall=wall_of(tree, head.article, chosen.text)),
    )


def _described(said: metadata.Metadata, source: Source, entry: Entry) -> dict[str, Any]:
    """Return the fields that the page's metadata give, or else the listing's."""
    published, modified = said.published_at.value, said.modified_at.value
    return {
        "title": said.title.value or entry.title,
        "subtitle": said.subtitle.value,
        "caption": said.image.value.caption,
        "credit": said.image.value.credit,
        "authors": said.authors.value.people,
        "agencies": said.authors.value.agencies,
        "published_at": published.at if published else None,
        "published_precision": published.precision if published else "",
        "modified_at": modified.at if modified else entry.updated_at,
        "section": said.section.value,
        "tags": said.tags.value,
        "image": said.image.value.url,
        "direction": said.direction,
        "site": said.site.value or source.name,
        "canonical_url": said.canonical_url.value,
        "provenance": said.provenance,
    }


def _decoded(page: Page) -> Decoded:
    declared = declared_charsets(page.header("content-type"), page.body)
    return limits.legible(decode(page.body, declared), page.body, declared)


def parse(text: str, size: int) -> html.HtmlElement:
    """Return the tree of a page of `size` bytes. Raises Rejected: `empty`, `parse_empty`, `parse_limit`."""
    if not text.strip():
        raise Rejected("empty", f"{size} bytes without text")
    text = limits.bounded(text.replace("\0", ""))
    tree, parser = _tree(text)
    if limits.is_too_deep(parser):
        tree, parser = _tree(limits.flat(text))
    limits.whole(parser)
    _end_head(tree)
    if size > SILENT and not any(text.strip() for text in tree.itertext()):
        raise Rejected("parse_empty", f"{size} bytes and no text: nested too deep, or one huge element")
    return tree


def _end_head(tree: html.HtmlElement) -> None:
    """Move into the body what ends a head that has no end tag: to libxml2 no element that came after HTML 4 does."""
    head = tree.find("head")
    astray = [one for one in head if one.tag not in OF_HEAD] if head is not None else []
    if astray:
        body = tree.find("body")
        body = etree.SubElement(tree, "body") if body is None else body
        astray[-1].tail = (astray[-1].tail or "") + (body.text or "")  # the text that ends the head comes after them
        body.text = None
        body[:0] = astray


def _tree(text: str) -> tuple[html.HtmlElement, html.HTMLParser]:
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    parser.set_element_class_lookup(ONE_CLASS)
    try:
        tree: html.HtmlElement = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError as error:
        raise Rejected("parse_empty", str(error)) from error
    return tree, parser
