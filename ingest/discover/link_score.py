"""Whether a link looks like one to an article: a score of its address and its words.

The signs are those that news sites share, whatever their system: a date or a number in the path, a slug of several
words, a headline as the link's text. No sign is enough alone.
"""

import re
from typing import Final
from urllib.parse import unquote

import ada_url

ENOUGH: Final = 3
FILE: Final = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|pdf|docx?|xlsx?|zip|apk|mp[34]|m4a|css|js|xml|rss|json|txt|ico)$", re.IGNORECASE
)
SECTION: Final = re.compile(
    r"/(?:tags?|categor(?:y|ies)|cat|sections?|topics?|authors?|writers?|users?|profile|search|log-?in|sign-?in|sign-?up"
    r"|register|subscribe|email|newsletters?|contact(?:-?us)?|about(?:-?us)?|privacy(?:-policy)?|terms(?:-[a-z-]+)?"
    r"|advertise|rss|feeds?|page|sitemap|wp-admin|wp-login\.php|cart|share|print|jobs|careers|cookies|whatsapp|telegram"
    r"|من-نحن|اتصل-بنا|وسم|قسم|تصنيف|كاتب)(?:/|$)",
    re.IGNORECASE,
)
"""Path segments that name a place or a service, never an article."""
DATE: Final = re.compile(r"/(?:19|20)\d\d[/-]?(?:0?[1-9]|1[0-2])(?:[/-]|$)")
PLAIN: Final = re.compile("/[a-z]+/?")
NUMBER: Final = re.compile(r"\d{4,}")
WORD_GAP: Final = re.compile(r"[-_+ ]+")
SLUG_WORDS: Final = 4
LONG, USUAL, SHORT, NAME = 6, 4, 3, 2
"""Words of a headline that needs no support from the address; of a usual one; of a short one; of a section's name."""


def is_article_link(url: str, words: str) -> bool:
    """Return whether an absolute http(s) URL with this link text looks like an article's."""
    parsed = ada_url.URL(url)
    path = unquote(parsed.pathname)
    if FILE.search(path) or SECTION.search(path) or not (path.strip("/") or parsed.search):
        return False
    return _address(path, unquote(parsed.search)) + _headline(words) >= ENOUGH


def _address(path: str, query: str) -> int:
    """Return 0-3 for the address: a date or a long number counts 2, a slug of several words 2, of two 1; -1 for one."""
    if PLAIN.fullmatch(path) and not query:
        return -1
    slugs = (path.rstrip("/").rpartition("/")[2], query.rpartition("=")[2])
    slug = max(len([word for word in WORD_GAP.split(text) if word]) for text in slugs)
    numbered = 2 if DATE.search(path) or NUMBER.search(path) or NUMBER.search(query) else 0
    return min(3, numbered + (2 if slug >= SLUG_WORDS else 1 if slug > 1 else 0))


def _headline(words: str) -> int:
    """Return 3 to 0 for a headline, by its length, -2 for one word: a menu, a section, «المزيد»."""
    count = len(words.split())
    return next((score for least, score in ((LONG, 3), (USUAL, 2), (SHORT, 1), (NAME, 0)) if count >= least), -2)
