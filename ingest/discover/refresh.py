"""Pages that redirect their reader: `<meta http-equiv="refresh">` (HTML, 4.2.5.3)."""

import re
from typing import Final

from bs4 import BeautifulSoup, Tag
from bs4.filter import SoupStrainer

from ingest.discover.parts import absolute, soup, text_of
from ingest.model import Page

HEAD: Final = 20_000
"""Characters in which it stands."""
SOON_S: Final = 30
"""Longer delays are those of home pages that reload themselves."""
CONTENT: Final = re.compile(
    r"\s*(?=[\d.])(\d{0,9})(?:[\d.]{0,99})\s*[;,\s]\s*(?:url\s*=\s*)?[\"']?([^\"']{1,2048})", re.IGNORECASE
)


def refreshed(page: Page) -> str:
    """Return where a page sends its reader at once, absolute, or ''."""
    text, _ = text_of(page)
    tree = soup(text[:HEAD], SoupStrainer(["meta", "base"]))
    return goal_of(tree, page.url)


def goal_of(tree: BeautifulSoup, here: str) -> str:
    """Return where a tree with its `meta` and `base` elements sends its reader, or ''."""
    for meta in tree("meta", content=True):
        if str(meta.get("http-equiv") or "").strip().lower() != "refresh":
            continue
        found = CONTENT.match(str(meta["content"]))
        goal = absolute(found[2], base_of(tree, here)) if found and int(found[1] or 0) <= SOON_S else ""
        if goal and goal.partition("#")[0] != here.partition("#")[0]:
            return goal
    return ""


def base_of(tree: BeautifulSoup, here: str) -> str:
    """Return what the relative links of a page are relative to: its `base`, else its own address."""
    base = tree.find("base", href=True)
    return (absolute(str(base["href"]), here) if isinstance(base, Tag) else "") or here
