"""The gate: what is no article does not pass. Thin on purpose: each rule is one a reader would not dispute."""

import re
from typing import Final

import ada_url

from ingest.errors import Rejected
from ingest.model import Article

WORDS: Final = 40
"""Of a body, at least."""
FLASH_WORDS: Final = 12
"""Of breaking news, which has a title and a date."""
PARAGRAPH_WORDS: Final = 20
LIST_LINES: Final = 8
"""So many lines, none of them a paragraph, are a list of headlines."""
MISSING: Final = re.compile(
    r"الصفحة (?:المطلوبة |التي تبحث عنها )?(?:غير (?:موجودة|متوفرة|متاحة)|لم تعد)|العثور على (?:هذه )?الصفحة"
    r"|page not found|^\W*(?:error|خطأ)?\W*404(?:\W*(?:not found|error|خطأ))?\W*$",
    re.IGNORECASE,
)
"""Titles of pages that say 200 and mean 404."""


def check(article: Article) -> Article:
    """Return the article as it is. Raises Rejected: `no_title`, `not_an_article`, `empty_body`."""
    words = len(article.body.split())
    if not article.title:
        raise Rejected("no_title", f"{words} words, no headline")
    if MISSING.search(article.title):
        raise Rejected("not_an_article", f"soft 404: {article.title[:80]!r}")
    if not words and (article.authors or article.section):  # so it is an article, and the extraction missed it
        raise Rejected("empty_body", f"no paragraphs under {article.title[:80]!r}")
    if words < (FLASH_WORDS if article.published_at else WORDS):
        raise Rejected("not_an_article", f"{words} words under {article.title[:80]!r}")
    if not article.published_at and _is_list(article):
        raise Rejected("not_an_article", f"a list of headlines, or a home page: {article.title[:80]!r}")
    return article


def _is_list(article: Article) -> bool:
    lines = [len(line.split()) for line in article.body.split("\n")]
    url = ada_url.URL(article.url)
    is_home = url.pathname == "/" and not url.search
    return is_home or (len(lines) >= LIST_LINES and max(lines) < PARAGRAPH_WORDS)
