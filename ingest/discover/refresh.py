"""Pages that redirect their reader: `<meta http-equiv="refresh">` (HTML, 4.2.5.3), or the header of that name."""

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
    return goal_of(tree, page)


def goal_of(tree: BeautifulSoup, page: Page) -> str:
    """Return where a page, with the `meta` and `base` elements of its tree, sends its reader, or ''."""
    metas = (one for one in tree("meta", content=True) if str(one.get("http-equiv") or "").strip().lower() == "refresh")
    for said in (page.header("refresh"), *(str(one["content"]) for one in metas)):
        found = CONTENT.match(said)
        goal = absolute(found[2], base_of(tree, page.url)) if found and int(found[1] or 0) <= SOON_S else ""
        if goal and goal.partition("#")[0] != page.url.partition("#")[0]:
            return goal
    return ""


def base_of(tree: BeautifulSoup, here: str) -> str:
    """Return what the relative links of a page are relative to: its `base`, else its own address."""
    base = tree.find("base", href=True)
    return (absolute(str(base["href"]), here) if isinstance(base, Tag) else "") or here
