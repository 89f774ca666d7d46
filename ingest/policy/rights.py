"""What a page reserves, in its headers and its meta tags: robots' words, and text and data mining (TDMRep).

`noindex` (or `none`): the article is rejected. `noarchive`, or a TDM reservation: what remains is a reference, that is
title, link, dates and the like; no body is indexed, and the page does not stay in the page store.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from lxml import html

from ingest.errors import Rejected
from ingest.model import Article, Page, Rights
from ingest.policy.robots import AGENT

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


def rights_of(page: Page, tree: html.HtmlElement | None = None) -> Rights | None:
    """Return what a page reserves, for everybody or for us, in its headers and its tree if it has one; None = nothing.

    Words: X-Robots-Tag and meta `robots` or `warraq`. TDM: `tdm-reservation` and `tdm-policy` as header or meta
    (TDMRep, W3C community group report of 2024-05-10); of two answers the stricter counts.
    """
    meta = list(_meta(tree)) if tree is not None else []
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
    """Return the article without its body and caption if its page may not be kept."""
    return article if may_keep(article) else replace(article, body="", caption="")


def may_keep(article: Article) -> bool:
    """Return whether a copy of the page may be kept."""
    rights = article.rights
    return rights is None or not (rights.tdm_reserved or UNKEPT & set(rights.robots))


def _meta(tree: html.HtmlElement) -> Iterator[tuple[str, str]]:
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
