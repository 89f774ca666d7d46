"""Invisible characters and white space."""

import re
from collections.abc import Set as AbstractSet
from typing import Final

from ingest.arabic.lookalikes import is_foreign
from ingest.arabic.rules import Rule, literal, named, replacements, step
from ingest.arabic.tables import (
    CONTROLS_CLASS,
    INVISIBLE_CLASS,
    JOINERS_CLASS,
    LETTERS_CLASS,
    LINE_BREAKS_CLASS,
    MARKS_CLASS,
    SPACES_CLASS,
    expanded,
)

_WORD_CLASS: Final = LETTERS_CLASS + MARKS_CLASS


# Emoji sequences and the scripts of South Asia need their joiners (The Unicode Standard, 23.2).
_JOINED_CLASS: Final = "\u0900-\u1fff\u2190-\u2bff\ufe0f\U0001f000-\U0001fbff"
_UNSEEN: Final = replacements(dict.fromkeys(expanded(INVISIBLE_CLASS + CONTROLS_CLASS), ""))


def _joiners_outside(joined_class: str) -> Rule:
    return Rule(re.compile(f"(?<![{joined_class}])[{JOINERS_CLASS}]|[{JOINERS_CLASS}](?![{joined_class}])"), "")


_JOINERS_IN_ARABIC: Final = _joiners_outside(_JOINED_CLASS)
_JOINERS_ELSEWHERE: Final = _joiners_outside(_JOINED_CLASS + _WORD_CLASS)


@step(signs=INVISIBLE_CLASS + CONTROLS_CLASS + JOINERS_CLASS)
def invisible(text: str, suspects: AbstractSet[str]) -> tuple[Rule, ...]:
    """Drop bidi controls, zero-width characters and control characters, which no reader sees and every search misses.

    ZWNJ and ZWJ stay in emoji and, within words, in Persian text, whose spelling needs them.
    """
    unseen = named(_UNSEEN, suspects)
    if suspects.isdisjoint(JOINERS_CLASS):
        return unseen
    return *unseen, (_JOINERS_ELSEWHERE if is_foreign(text) else _JOINERS_IN_ARABIC)


_WHITE_SPACE: Final = replacements(
    dict.fromkeys(expanded(LINE_BREAKS_CLASS), "\n") | dict.fromkeys(expanded(SPACES_CLASS), " ")
)
_USELESS_SPACE: Final = re.compile(r" (?=[ \n،؛؟]|\.(?![\w.]))")
_USELESS_LINE: Final = re.compile(r"\n(?: |\n\n)")
_WINDOWS_LINES: Final = literal("\r\n", "\n")
_SPACING: Final = (
    Rule(_USELESS_SPACE, ""),
    literal("\n ", "\n"),
    Rule(re.compile("\n\n\n+"), "\n\n"),
    Rule(re.compile(r"\A[ \n]+|[ \n]+\Z"), "", whole=lambda text: text.strip(" \n")),
)


def _untidy(text: str) -> bool:
    """Return whether plain spaces or line feeds need tidying."""
    return bool(_USELESS_SPACE.search(text) or _USELESS_LINE.search(text)) or text != text.strip(" \n")


@step(signs=LINE_BREAKS_CLASS + SPACES_CLASS, needed=_untidy)
def spacing(_: str, suspects: AbstractSet[str]) -> tuple[Rule, ...]:
    """Leave one plain space between words, none before an Arabic stop or at a line's edge, at most one empty line."""
    lines = (_WINDOWS_LINES,) if "\r" in suspects else ()
    return *lines, *named(_WHITE_SPACE, suspects), *_SPACING
