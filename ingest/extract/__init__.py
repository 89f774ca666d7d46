"""Source, Entry and Page -> Article, as published: nothing is cleaned here but white space."""

import re
from typing import Final

from lxml import etree, html

from ingest.charset import declared_charsets, decode
from ingest.errors import Rejected
from ingest.extract import limits, metadata
from ingest.extract.body import body_of
from ingest.extract.jsonld import strings
from ingest.extract.metadata import first
from ingest.extract.shown import line
from ingest.model import Article, Entry, Page, Source
from ingest.rights import rights_of
from ingest.textfile import is_text, read_text
from ingest.urls import article_id, canonical, host_of

SILENT: Final = 50_000
"""Bytes that must have some text: libxml2 returns an empty tree, and no error, when a limit is passed."""
ARABIC_SCRIPT: Final = frozenset({"ar", "fa", "ur", "ckb", "ku", "ps", "sd", "ug"})
LETTER: Final = re.compile(r"[^\W\d_]")
ARABIC: Final = re.compile("[\u0621-\u064a\u066e-\u06d3]")


def extract(source: Source, entry: Entry, page: Page) -> Article:
    """Return what the page says. Raises Rejected: `empty`, `parse_empty`; Permanent when the entry's URL is invalid."""
    if source.kind == "text" or is_text(page):
        return _from_text(source, entry, page)
    return _from_html(source, entry, page)


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
        language=_language("", text.body),
        site=source.name,
        host=host_of(url),
        source_id=source.id,
        charset=text.charset,
        undecoded=text.undecoded or None,
        fetched_at=page.fetched_at,
        rights=rights_of(page),
    )


def _from_html(source: Source, entry: Entry, page: Page) -> Article:
    declared = declared_charsets(page.header("content-type"), page.body)
    decoded = limits.legible(decode(page.body, declared), page.body, declared)
    tree, url = parse(decoded.text, len(page.body)), canonical(page.url)
    head = metadata.read_head(tree)
    said = metadata.read(head, page.url, metadata.Clock(source.timezone, page.fetched_at, entry.published_at))
    published, modified = said.published_at.value, said.modified_at.value
    body = body_of(tree) or first(strings(head.article.get("articleBody")))
    return Article(
        id=article_id(canonical(entry.url)),
        url=url,
        title=said.title.value or entry.title,
        subtitle=said.subtitle.value,
        body=body,
        summary=first((*head.named(*metadata.SUMMARY), *strings(head.article.get("description")), entry.summary)),
        caption=said.image.value.caption,
        credit=said.image.value.credit,
        authors=said.authors.value.people,
        agencies=said.authors.value.agencies,
        published_at=published.at if published else None,
        published_precision=published.precision if published else "",
        modified_at=modified.at if modified else entry.updated_at,
        section=said.section.value,
        tags=said.tags.value,
        image=said.image.value.url,
        language=_language(tree.get("lang") or tree.get("xml:lang") or "", body),
        direction=said.direction,
        site=said.site.value or source.name,
        canonical_url=said.canonical_url.value,
        host=host_of(url),
        source_id=source.id,
        charset=decoded.charset,
        undecoded=decoded.replaced or None,
        fetched_at=page.fetched_at,
        rights=rights_of(page, tree),
        provenance=said.provenance,
    )


def parse(text: str, size: int) -> html.HtmlElement:
    """Return the tree of a page of `size` bytes. Raises Rejected: `empty`, `parse_empty`, `parse_limit`."""
    if not text.strip():
        raise Rejected("empty", f"{size} bytes without text")
    text = limits.bounded(text.replace("\0", ""))
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree: html.HtmlElement = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError as error:
        raise Rejected("parse_empty", str(error)) from error
    limits.whole(parser)
    if size > SILENT and not tree.text_content().strip():
        raise Rejected("parse_empty", f"{size} bytes and no text: nested too deep, or one huge element")
    return tree


def _language(declared: str, body: str) -> str:
    """Return the page's language as ISO 639: what it declares, unless the letters contradict it."""
    language = re.split("[-_]", declared.strip().lower())[0]
    letters = LETTER.findall(body)
    if language not in ARABIC_SCRIPT and 2 * len(ARABIC.findall(body)) > len(letters):
        return "ar"
    return language
