"""Repair what publishing software broke, so that stored text is what a reader should see. Folding is not done here.

Nothing that a reader would miss changes: diacritics, hamza, ta marbuta, alef maqsura, digits and "راااائع" stay.
"""

import html
import re
import unicodedata
from collections.abc import Callable
from html.entities import html5
from typing import Final

from ingest.arabic.lookalikes import is_foreign, lookalikes
from ingest.arabic.mojibake import MOJIBAKE_CLASS, mojibake
from ingest.arabic.tables import (
    CONTROLS_CLASS,
    INVISIBLE_CLASS,
    JOINERS_CLASS,
    LETTERS_CLASS,
    LINE_BREAKS_CLASS,
    LOOKALIKES,
    MARKS_CLASS,
    PRESENTATION_FORMS,
    SPACES_CLASS,
    TATWEEL,
)

PASSES: Final = 8
"""Most rounds of STEPS on one text: enough for what occurs, and a bound for text made to need more."""

_WORD_CLASS: Final = LETTERS_CLASS + MARKS_CLASS
_FORMS_CLASS: Final = "".join(PRESENTATION_FORMS)
_FORMS: Final = re.compile(
    f"[{_FORMS_CLASS}][{_FORMS_CLASS}]*"
)  # not "+": a pattern that starts with a class scans faster
_TO_LETTERS: Final = str.maketrans(PRESENTATION_FORMS)
# The ampersand may itself be escaped, any number of times.
_ENTITY: Final = re.compile(
    r"&(?:amp;|#0*38;|#x0*26;)*(#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});(?!=)"
)
_INNER_TATWEEL: Final = re.compile(f"{TATWEEL}(?<=[{_WORD_CLASS}]{TATWEEL}){TATWEEL}*(?=[{_WORD_CLASS}])")
_TATWEELS: Final = re.compile(f"{TATWEEL}{TATWEEL}+")
_UNSEEN: Final = re.compile(f"[{INVISIBLE_CLASS}{CONTROLS_CLASS}]")
_INVISIBLE: Final = re.compile(f"[{INVISIBLE_CLASS}{CONTROLS_CLASS}{JOINERS_CLASS}]")
_JOINER: Final = re.compile(f"[{JOINERS_CLASS}]")
# Emoji sequences and the scripts of South Asia need their joiners (The Unicode Standard, 23.2).
_JOINED_CLASS: Final = "\u0900-\u1fff\u2190-\u2bff\ufe0f\U0001f000-\U0001fbff"
_NOISE_IN_ARABIC: Final = re.compile(f"(?<![{_JOINED_CLASS}])[{JOINERS_CLASS}]|[{JOINERS_CLASS}](?![{_JOINED_CLASS}])")
_NOISE_ELSEWHERE: Final = re.compile(
    f"(?<![{_JOINED_CLASS}{_WORD_CLASS}])[{JOINERS_CLASS}]|[{JOINERS_CLASS}](?![{_JOINED_CLASS}{_WORD_CLASS}])"
)
_LINE_BREAK: Final = re.compile(f"[{LINE_BREAKS_CLASS}]")
_SPACE: Final = re.compile(f"[{SPACES_CLASS}]")
_SPACES: Final = re.compile("  +")
_SPACE_BEFORE_STOP: Final = re.compile(r" ([،؛؟]|\.(?!\w))")
_EMPTY_LINES: Final = re.compile("\n\n\n+")

_SUSPECT: Final = re.compile(
    f"[{_FORMS_CLASS}{''.join(LOOKALIKES)}{INVISIBLE_CLASS}{JOINERS_CLASS}{CONTROLS_CLASS}{LINE_BREAKS_CLASS}"
    f"{SPACES_CLASS}{MOJIBAKE_CLASS}&]"
)
_UNTIDY: Final = (re.compile(r" (?:[ \n،؛؟]|\.(?!\w))"), re.compile(r"\n(?: |\n\n)"), _TATWEELS, _INNER_TATWEEL)


def repair(text: str) -> str:
    """Return the text as a reader should see it; a clean text comes back as the same object.

    Idempotent: the steps run until they change nothing, because one may uncover work for another.
    """
    for _ in range(PASSES):
        if not _suspicious(text):
            break
        before = text
        for step in STEPS:
            text = step(text)
        if text == before:
            return before
    return text


def _suspicious(text: str) -> bool:
    """Tell whether any step may have work: the fast path, since most text is clean."""
    return (
        _SUSPECT.search(text) is not None
        or any(pattern.search(text) for pattern in _UNTIDY)
        or text != text.strip(" \n")
        or not unicodedata.is_normalized("NFC", text)
    )


def entities(text: str) -> str:
    """Decode HTML character references that an extractor or an author's editor left in text, also escaped twice.

    Only with their semicolon, and not before "=": "?a=1&copy=2" is a query.
    """
    return _ENTITY.sub(_character, text) if "&" in text else text


def _character(match: re.Match[str]) -> str:
    name = match[1]
    if name.startswith("#"):
        return html.unescape(f"&{name};")
    return html5.get(f"{name};", f"&{name};")


def presentation_forms(text: str) -> str:
    """Put letters for the shapes of letters that old fonts and PDF files use; before NFC, which orders their marks."""
    return _FORMS.sub(lambda forms: forms[0].translate(_TO_LETTERS), text)


def composition(text: str) -> str:
    """Compose letters and order their marks: Unicode Normalization Form C (UAX #15)."""
    return unicodedata.normalize("NFC", text)


def tatweel(text: str) -> str:
    """Drop the stretching stroke inside words.

    At an edge it says something and stays, once: "الـBBC", "لـ«داعش»", "1447هـ".
    """
    return _TATWEELS.sub(TATWEEL, _INNER_TATWEEL.sub("", text))


def invisible(text: str) -> str:
    """Drop bidi controls, zero-width characters and control characters, which no reader sees and every search misses.

    ZWNJ and ZWJ stay in emoji and, within words, in Persian text, whose spelling needs them.
    """
    if not _INVISIBLE.search(text):
        return text
    text = _UNSEEN.sub("", text)
    if not _JOINER.search(text):
        return text
    return (_NOISE_ELSEWHERE if is_foreign(text) else _NOISE_IN_ARABIC).sub("", text)


def spacing(text: str) -> str:
    """Leave one plain space between words, none before an Arabic stop or at a line's edge, at most one empty line."""
    text = _SPACE.sub(" ", _LINE_BREAK.sub("\n", text.replace("\r\n", "\n")))
    text = _SPACE_BEFORE_STOP.sub(r"\1", _SPACES.sub(" ", text))
    text = text.replace(" \n", "\n").replace("\n ", "\n")
    return _EMPTY_LINES.sub("\n\n", text).strip(" \n")


STEPS: Final[tuple[Callable[[str], str], ...]] = (
    mojibake,
    entities,
    presentation_forms,
    composition,
    tatweel,
    invisible,
    lookalikes,
    spacing,
)
"""In this order: charset before anything else, spacing last, for what the others leave."""
