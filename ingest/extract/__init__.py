"""Source, Entry and Page -> Article, as published: nothing is cleaned here but white space."""

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from lxml import etree, html

from ingest.charset import declared_charsets, decode
from ingest.errors import Rejected
from ingest.extract import metadata
from ingest.extract.body_choice import choose_body
from ingest.extract.gate import wall_of
from ingest.extract.jsonld import strings
from ingest.extract.metadata import first
from ingest.extract.rules import Rules, rules_for
from ingest.extract.shown import line
from ingest.model import Article, Entry, Page, Quality, Source
from ingest.textfile import is_text, read_text
from ingest.urls import article_id, canonical, host_of

NO_RULES: Final[Mapping[str, Rules]] = MappingProxyType({})
SILENT: Final = 50_000
"""Bytes that must have some text: libxml2 returns an empty tree, and no error, when a limit is passed."""
LONG_TAG: Final = re.compile(r"<[a-zA-Z][^<>]{20000,}>?")
WORDY: Final = 1000
"""Words of a long tag; libxml2 needs time with the square of the attributes, 8 s and more for 100,000 (measured)."""
ARABIC_SCRIPT: Final = frozenset({"ar", "fa", "ur", "ckb", "ku", "ps", "sd", "ug"})
SAMPLE: Final = 20_000
LETTER: Final = re.compile(r"[^\W\d_]")
ARABIC: Final = re.compile("[\u0621-\u064a\u066e-\u06d3]")


def extract(
    source: Source,
    entry: Entry,
    page: Page,
    *,
    rules: Mapping[str, Rules] = NO_RULES,
    seen: frozenset[int] = frozenset(),
) -> Article:
    """Return what the page says.

    `rules` are the site rules by host (rules.py); `seen` the hashes of lines that the host's other articles have too
    (body.py), which are left out. Raises Rejected: `empty`, `parse_empty`; Permanent when the entry's URL is invalid.
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
        language=_language("", text.body),
        site=source.name,
        host=host_of(url),
        source_id=source.id,
        charset=text.charset,
        fetched_at=page.fetched_at,
        quality=Quality("text"),
    )


def _from_html(source: Source, entry: Entry, page: Page, rules: Mapping[str, Rules], seen: frozenset[int]) -> Article:
    decoded = decode(page.body, declared_charsets(page.header("content-type"), page.body))
    tree, url = parse(decoded.text, len(page.body)), canonical(page.url)
    head = metadata.read_head(tree)
    site = metadata.site_name(head)
    chosen = choose_body(tree, decoded.text, head.article, rules_for(host_of(url), page.fetched_at, rules), seen)
    body, quality = chosen.text, replace(chosen.quality, wall=wall_of(tree, head.article, chosen.text))
    return Article(
        id=article_id(canonical(entry.url)),
        url=url,
        title=metadata.title(head, site) or entry.title,
        body=body,
        summary=first((*head.named(*metadata.SUMMARY), *strings(head.article.get("description")), entry.summary)),
        caption=first(head.shown("//article//figcaption | //main//figcaption | //figure/figcaption")),
        authors=metadata.authors(head),
        published_at=metadata.published(head, source.timezone, page.fetched_at) or entry.published_at,
        modified_at=metadata.modified(head, source.timezone, page.fetched_at) or entry.updated_at,
        section=first((*strings(head.article.get("articleSection")), *head.named("article:section"))),
        tags=metadata.tags(head),
        image=metadata.image(head, page.url),
        language=_language(tree.get("lang") or tree.get("xml:lang") or "", body),
        site=site or source.name,
        canonical_url=metadata.canonical_url(head, page.url),
        host=host_of(url),
        source_id=source.id,
        charset=decoded.charset,
        fetched_at=page.fetched_at,
        quality=quality,
    )


def parse(text: str, size: int) -> html.HtmlElement:
    """Return the tree of a page of `size` bytes. Raises Rejected: `empty`, `parse_empty`."""
    if not text.strip():
        raise Rejected("empty", f"{size} bytes without text")
    text = LONG_TAG.sub(lambda tag: "" if len(tag[0].split()) > WORDY else tag[0], text.replace("\0", ""))
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree: html.HtmlElement = html.document_fromstring(
            text.replace("\0", "").encode("utf-8", "replace"), parser=parser
        )
    except etree.ParserError as error:
        raise Rejected("parse_empty", str(error)) from error
    if size > SILENT and not tree.text_content().strip():
        raise Rejected("parse_empty", f"{size} bytes and no text: nested too deep, or one huge element")
    return tree


def _language(declared: str, body: str) -> str:
    """Return the page's language as ISO 639: what it declares, unless the letters contradict it."""
    language = re.split("[-_]", declared.strip().lower())[0]
    return "ar" if language not in ARABIC_SCRIPT and 2 * arabic_share(body) > 1 else language


def arabic_share(text: str) -> float:
    """Return the share of Arabic letters among the letters of a text, looking at its first SAMPLE characters."""
    text = text[:SAMPLE]
    letters = len(LETTER.findall(text))
    return len(ARABIC.findall(text)) / letters if letters else 0.0
