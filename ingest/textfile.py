"""Articles as plain text: line 1 the title, line 2 the caption where there are three or more lines, then the body.

Blank lines at both ends are ignored. Inside they count as lines, so that a blank line 2 means: no caption.
"""

import re
from dataclasses import dataclass
from typing import Final

from ingest.charset import decode
from ingest.errors import Rejected
from ingest.model import Page

NEWLINE: Final = re.compile(r"\r\n?|\n|\u2028|\u2029")
MARKUP: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html)\b", re.IGNORECASE)
WITH_CAPTION: Final = 3
"""Lines from which on the second is a caption."""


@dataclass(frozen=True, slots=True)
class TextFile:
    """The parts of a text file, each line stripped."""

    title: str
    caption: str
    body: str
    """The other lines as they stand, empty ones too; empty where the file is a title only."""
    charset: str
    undecoded: int = 0
    """Places that were no text in that charset."""


def read_text(body: bytes) -> TextFile:
    """Return the parts of a text file in UTF-8, UTF-16 or windows-1256. Raises Rejected (`empty`)."""
    decoded = decode(body, ())
    lines = [line.strip() for line in NEWLINE.split(decoded.text.replace("\0", "").strip())]
    if not lines[0]:
        raise Rejected("empty", f"{len(body)} bytes without text")
    captioned = len(lines) >= WITH_CAPTION
    rest = "\n".join(lines[2 if captioned else 1 :]).strip()
    return TextFile(lines[0], lines[1] if captioned else "", rest, decoded.charset, decoded.replaced)


def is_text(page: Page) -> bool:
    """Return whether a page is a text file by its Content-Type; some servers call their HTML so, too."""
    plain = page.header("content-type").partition(";")[0].strip().lower() == "text/plain"
    return plain and not MARKUP.match(page.body)
