"""How far an article can be trusted, in numbers."""

from dataclasses import dataclass

from ingest.mappings import KEYWORD, SHARE, stored


@dataclass(frozen=True, slots=True)
class Quality:
    """How far an Article can be trusted, in numbers: the gate decides by them, and queries can filter by them."""

    method: str = stored(KEYWORD, default="")
    """Which method produced the body: `rule`, `own`, `trafilatura`, `json-ld`, `text`."""
    wall: str = stored(KEYWORD, default="")
    """What blocks the text, such as `paywall` or `login` (see gate.py); such pages are rejected."""
    arabic: float = stored(SHARE, default=0.0)
    """Share of Arabic letters among the body's letters."""
    links: float = stored(SHARE, default=0.0)
    """Share of link text among the characters of the article's box; links are not part of the body."""
    prose: float = stored(SHARE, default=0.0)
    """Share of the page's prose that is in the article's box."""
    title: float = stored(SHARE, default=0.0)
    """Share of the title's words that occur in the body."""
    agreement: float | None = stored(SHARE, default=None)
    """Share of the body that a second extractor found too; None if there was no reason to ask one."""
