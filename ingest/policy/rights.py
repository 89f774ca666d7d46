"""What a page reserves, in its headers and its meta tags: robots' words, and text and data mining (TDMRep).

`noindex` (or `none`): the article is rejected. `noarchive`, or `nocache`: no copy of the page is shown or kept, as its
authors define it; the text is searchable, as in any search engine, and the desk shows a reference. A TDM reservation:
what remains is a reference, that is title, link, dates and the like. A licence lifts the last two.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

from ingest.charset import declared_charsets, decode
from ingest.errors import Rejected
from ingest.model import Article, Page, Rights, Source
from ingest.policy.robots import AGENT

if TYPE_CHECKING:  # every worker decides what is kept; only those that extract have lxml loaded
    from lxml import html

WORDS: Final = frozenset(
    {
        "noindex",
        "nofollow",
        "none",
        "noarchive",
        "nosnippet",
        "noimageindex",
        "notranslate",
        "nocache",
        "noai",
        "noimageai",
    }
)
"""Directives that reserve something (Google's list, and DeviantArt's two about training)."""
VALUED: Final = frozenset({"max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"})
"""Directives that contain a colon: what precedes it is not the name of a robot."""
ROBOT: Final = re.compile(r"\s*([\w*-]+)\s*:(.*)", re.DOTALL)
UNLISTED: Final = frozenset({"noindex", "none"})
UNKEPT: Final = frozenset({"noarchive", "nocache"})
LICENCE: Final = "licence"
META: Final = re.compile(r"<meta\b[^<>]{1,2000}>", re.IGNORECASE)
"""Meta tags: all that is read of a page that cannot be parsed."""


def rights_of(page: Page, tree: "html.HtmlElement | None" = None) -> Rights | None:
    """Return what a page reserves, for everybody or for us, in its headers and its tree if it has one; None = nothing.

    Words: X-Robots-Tag and meta `robots` or `warraq`. TDM: `tdm-reservation` and `tdm-policy` as header or meta
    (TDMRep, W3C community group report of 2024-05-10); of two answers the stricter counts.
    """
    return _rights(page, list(_meta(tree)) if tree is not None else [])


def _rights(page: Page, meta: list[tuple[str, str]]) -> Rights | None:
    words = {word for name, text in page.headers if name.lower() == "x-robots-tag" for word in _for_us(text)}
    words |= {word for name, text in meta if name in ("robots", AGENT) for word in _for_us(text)}
    said = [(name.lower(), text.strip()) for name, text in (*page.headers, *meta)]
    reserved = ("tdm-reservation", "1") in said
    policy = next((text for name, text in said if name == "tdm-policy"), "")
    if not (words or reserved or policy):
        return None
    return Rights(robots=tuple(sorted(words)), tdm_reserved=reserved, tdm_policy=policy)


def refuse_unlisted(article: Article) -> Article:
    """Return the article unchanged. Raises Rejected (`noindex`) if its page asks not to be listed."""
    if article.rights and UNLISTED & set(article.rights.robots):
        raise Rejected("noindex", f"{article.url} says {', '.join(article.rights.robots)}")
    return article


def withhold(article: Article) -> Article:
    """Return the article without its body and caption if text and data mining is reserved, and we have no licence."""
    rights = article.rights
    reserved = rights is not None and rights.tdm_reserved and rights.basis != LICENCE
    return replace(article, body="", caption="") if reserved else article


def licensed(rights: Rights | None, source: Source) -> Rights | None:
    """Return a page's rights with our own basis for using it, if the source has one."""
    return replace(rights or Rights(), basis=LICENCE) if source.licensed else rights


def may_keep(rights: Rights | None) -> bool:
    """Return whether a copy of the page may be kept beyond its processing."""
    return rights is None or rights.basis == LICENCE or not (rights.tdm_reserved or UNKEPT & set(rights.robots))


def may_keep_page(source: Source, page: Page) -> bool:
    """Return the same for a page that may be no article, or not even parseable."""
    text = decode(page.body, declared_charsets(page.header("content-type"), page.body)).text
    reader = _MetaReader()
    reader.feed("".join(META.findall(text)))
    return may_keep(licensed(_rights(page, reader.found), source))


class _MetaReader(HTMLParser):
    """Reads the names and contents of meta tags."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in reversed(attrs)}
        self.found.append((said.get("name", "").strip().lower(), said.get("content", "")))


def _meta(tree: "html.HtmlElement") -> Iterator[tuple[str, str]]:
    for tag in tree.iter("meta"):
        yield (tag.get("name") or "").strip().lower(), tag.get("content") or ""


def _for_us(text: str) -> Iterator[str]:
    """Yield the directives for all robots or for us; `otherbot: noindex, nofollow` is for another one."""
    robot = AGENT
    for part in text.lower().split(","):
        named = ROBOT.match(part)
        if named and named[1] not in VALUED:
            robot = named[1]
        word = (named[2] if named else part).strip()
        if robot in (AGENT, "*") and word in WORDS:
            yield word
