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
    r"|register|subscribe|contact(?:-?us)?|about(?:-?us)?|privacy(?:-policy)?|terms|advertise|rss|feeds?|page|sitemap"
    r"|wp-admin|wp-login\.php|cart|share|print|jobs|careers|cookies|newsletter|whatsapp|telegram"
    r"|من-نحن|اتصل-بنا|وسم|قسم|تصنيف|كاتب)(?:/|$)",
    re.IGNORECASE,
)
"""Path segments that name a place or a service, never an article."""
DATE: Final = re.compile(r"/(?:19|20)\d\d[/-]?(?:0?[1-9]|1[0-2])(?:[/-]|$)")
NUMBER: Final = re.compile(r"\d{4,}")
WORD_GAP: Final = re.compile(r"[-_+ ]+")
SLUG_WORDS: Final = 4
HEADLINE: Final = 4
"""Words of a short headline."""
SHORT: Final = 3


def looks_like_article(url: str, words: str) -> bool:
    """Tell whether an absolute http(s) URL with this link text looks like an article's."""
    parsed = ada_url.URL(url)
    path = unquote(parsed.pathname)
    if FILE.search(path) or SECTION.search(path) or not (path.strip("/") or parsed.search):
        return False
    return _address(path, unquote(parsed.search)) + _headline(words) >= ENOUGH


def _address(path: str, query: str) -> int:
    """Return 0-3 for the address: a date or a long number counts 2, a slug of several words 2, of two 1."""
    slugs = (path.rstrip("/").rpartition("/")[2], query.rpartition("=")[2])
    slug = max(len([word for word in WORD_GAP.split(text) if word]) for text in slugs)
    numbered = 2 if DATE.search(path) or NUMBER.search(path) or NUMBER.search(query) else 0
    return min(3, numbered + (2 if slug >= SLUG_WORDS else 1 if slug > 1 else 0))


def _headline(words: str) -> int:
    """Return 2 for a headline's worth of words, 1 for three, -2 for less: a menu, a section, «المزيد»."""
    count = len(words.split())
    return 2 if count >= HEADLINE else 1 if count >= SHORT else -2
