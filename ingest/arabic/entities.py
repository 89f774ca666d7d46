"""HTML character references left in text by an extractor or an author's editor."""

import html
import re
from collections.abc import Set as AbstractSet
from html.entities import html5
from typing import Final

from ingest.arabic.rules import Rule, step

# The ampersand may itself be escaped, any number of times. Four names also come without their semicolon, or with an
# Arabic one.
_ENTITY: Final = re.compile(
    r"&(?:amp;|#0*38;|#[xX]0*26;)*"
    r"(?:(#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});(?!=)"
    r"|(nbsp|quot|laquo|raquo)(?:؛|(?![A-Za-z0-9;=])))"
)


@step(signs="&")
def entities(_: str, suspects: AbstractSet[str]) -> tuple[Rule, ...]:
    """Decode character references, even doubly escaped ones, except before "=": "?a=1&lt;=2" is a query."""
    return (_DECODE,) if "&" in suspects else ()


def _character(match: re.Match[str]) -> str:
    name = match[1] or match[2]
    if name.startswith("#"):
        return html.unescape(f"&{name};")
    return html5.get(f"{name};", f"&{name};")


_DECODE: Final = Rule(_ENTITY, _character)
