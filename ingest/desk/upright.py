"""A text from outside as it may stand among others: it turns nothing behind it, and covers nothing above it."""

import re
from typing import Final

TURNING: Final = "\u202a-\u202e\u2066-\u2069"
"""Controls of the bidirectional algorithm: behind one, `gnp.exe` reads as a picture."""
MARKS: Final = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06ea-\u06ed"
    "\u0897-\u089f\u08ca-\u08e1\u08e3-\u08ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
"""Signs above and below letters."""
MOST: Final = 6
"""Signs of one letter, more than the Quran's; a thousand cover the whole page."""
_ODD: Final = re.compile(f"[{TURNING}]|(?<=[{MARKS}]{{{MOST}}})[{MARKS}]+")


def upright(text: str) -> str:
    """Return a text without what reaches beyond its own line."""
    return text if text.isascii() else _ODD.sub("", text)
