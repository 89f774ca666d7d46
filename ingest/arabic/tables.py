"""The characters that Arabic text gets wrong: data for repair and fold.

Strings whose name ends in `_CLASS` are the inside of a regex character class. What cannot be seen is written as an escape.
"""

import unicodedata
from typing import Final

TATWEEL: Final = "\u0640"
ZWNJ: Final = "\u200c"

MARKS_CLASS: Final = "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08d3-\u08e1\u08e3-\u08ff"
"""Diacritics and Quranic marks (Unicode general category Mn of the Arabic blocks)."""
LETTERS_CLASS: Final = "\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f\u08a0-\u08c7"
"""Letters of the Arabic script, all languages, without tatweel."""

INVISIBLE_CLASS: Final = "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff"
"""Soft hyphen, bidi controls, zero-width space, word joiner, BOM; the joiners ZWNJ and ZWJ have rules of their own."""
JOINERS_CLASS: Final = "\u200c\u200d"
CONTROLS_CLASS: Final = "\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff"
"""C0 and C1 controls without tab and those that break a line, and surrogates, which UTF-8 cannot hold."""
LINE_BREAKS_CLASS: Final = "\x0b\x0c\r\u2028\u2029"
SPACES_CLASS: Final = "\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
"""Tab, and Unicode general category Zs without the plain space."""

LOOKALIKES: Final = {
    "\u06cc": "ي",  # Farsi yeh
    "\u06d0": "ي",  # e
    "\u06d2": "ي",  # yeh barree
    "\u06d3": "ئ",  # yeh barree with hamza
    "\u06a9": "ك",  # keheh
    "\u06aa": "ك",  # swash kaf
    "\u06be": "ه",  # heh doachashmee
    "\u06c0": "ه",  # heh with yeh above
    "\u06c1": "ه",  # heh goal
    "\u06c2": "ه",  # heh goal with hamza above
    "\u06d5": "ه",  # ae
    "\u06c3": "ة",  # teh marbuta goal
}
"""Letters of Persian, Urdu and Kurdish that look like an Arabic one, and that wrong keyboards put in its place."""

FOREIGN_CLASS: Final = "پچژگٹڈڑںټډړږښګڼځڅڕڵۆێۇۈۋ"
"""Letters of Persian, Urdu, Pashto, Kurdish and Uyghur that resemble no Arabic letter."""

KEPT_FORMS: Final = frozenset("\ufd3e\ufd3f\ufdfc")
"""Ornate parentheses are punctuation and the rial sign is a currency sign: neither stands for letters."""


def _letters_of(form: str) -> str:
    """Return the letters behind a presentation form (Unicode NFKC), a diacritic without its carrier."""
    letters = unicodedata.normalize("NFKC", form)
    if len(letters) > 1 and all(unicodedata.combining(c) for c in letters[1:]) and letters[0] in " \u0640":
        return letters[1:]
    return letters


def _presentation_forms() -> dict[str, str]:
    blocks = (range(0xFB50, 0xFE00), range(0xFE70, 0xFEFD))
    forms = {chr(code): _letters_of(chr(code)) for block in blocks for code in block}
    plain = {form: letters for form, letters in forms.items() if form != letters and form not in KEPT_FORMS}
    return plain | {"\ufdfd": "بسم الله الرحمن الرحيم"}  # the one word ligature without a decomposition


PRESENTATION_FORMS: Final = _presentation_forms()
"""Arabic Presentation Forms A and B (The Unicode Standard, 9.2): shapes of letters, for old fonts."""
