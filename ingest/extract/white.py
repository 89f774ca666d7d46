"""White space as HTML defines it, except where double encoding made it part of an Arabic letter."""

import re
from typing import Final

HTML_SPACES: Final = re.compile("[ \t\n\f\r]+")
TORN: Final = re.compile("[\u00c2-\u00df][\x85\xa0]")
"""UTF-8 that was read as Latin-1: م is Ù and U+0085, ٠ is Ù and NBSP. To split there loses the letter."""


def squeezed(text: str) -> str:
    """Return a text with single spaces; letters that are encoded twice stay whole, for the repair to find."""
    if ("\x85" in text or "\xa0" in text) and TORN.search(text):
        return HTML_SPACES.sub(" ", text).strip(" ")
    return " ".join(text.split())
