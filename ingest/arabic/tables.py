"""The characters that Arabic text gets wrong: data for repair and fold.

Strings named `…_CLASS` are the inside of a regex character class. Invisible characters are written as escapes.
"""

import re
import unicodedata
from typing import Final

TATWEEL: Final = "\u0640"

MARKS_CLASS: Final = (
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08d3-\u08e1\u08e3-\u08ff"
)
"""Diacritics and Quranic marks (Unicode general category Mn of the Arabic blocks)."""
LETTERS_CLASS: Final = (
    "\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f\u08a0-\u08c7"
)
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

FULL_LETTERS_CLASS: Final = "\u0621-\u063a\u0641-\u064a"
"""The letters of Arabic itself."""
JOINING_MARKS: Final = ".:'·\u2018\u2019"
"""Punctuation that does not end a word by UAX #29 (MidLetter, MidNumLet), but does between Arabic letters."""


def expanded(characters_class: str) -> list[str]:
    """Return the characters of a class that holds single characters and ranges."""
    characters: list[str] = []
    for first, last in re.findall("(.)(?:-(.))?", characters_class):
        characters += map(chr, range(ord(first), ord(last or first) + 1))
    return characters


def _folded() -> dict[str, str]:
    plain = dict.fromkeys(expanded(MARKS_CLASS + INVISIBLE_CLASS + JOINERS_CLASS), "")
    plain |= dict.fromkeys((TATWEEL, "\u066c", "\u20e3", *expanded("\u0300-\u036f\ufe00-\ufe0f")), "")
    plain |= {"\u066b": ".", "_": " ", "\u202f": " ", "\u203f": " ", "\uff3f": " "}
    plain |= LOOKALIKES | {"\u0671": "ا", "\u0672": "ا", "\u0673": "ا"}
    plain |= {"گ": "ك", "چ": "ج", "پ": "ب", "ژ": "ز", "ڤ": "ف"}
    accented = map(chr, (*range(0xC0, 0x180), *range(0x1E00, 0x1F00)))
    bases = {char: unicodedata.normalize("NFD", char)[0] for char in accented}
    plain |= {char: base for char, base in bases.items() if base.isascii()}
    forms = {form: "".join(plain.get(char, char) for char in letters) for form, letters in PRESENTATION_FORMS.items()}
    return plain | forms


FOLDED: Final = _folded()
"""Replacements in the search key, beyond those of Lucene's ArabicNormalizer."""

EMOJI_CLASS: Final = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9\u21aa\u231a\u231b\u2328\u2388\u23cf\u23e9-\u23f3\u23f8-\u23fa"
    "\u24c2\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u2605\u2607-\u2612\u2614-\u2685\u2690-\u2705\u2708-\u2712\u2714"
    "\u2716\u271d\u2721\u2728\u2733\u2734\u2744\u2747\u274c\u274e\u2753-\u2755\u2757\u2763-\u2767\u2795-\u2797\u27a1\u27b0"
    "\u27bf\u2934\u2935\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001f0ff"
    "\U0001f300-\U0001f53d\U0001f546-\U0001f64f\U0001f680-\U0001f6ff\U0001f7d5-\U0001f7ff\U0001f90c-\U0001f93a"
    "\U0001f93c-\U0001f945\U0001f947-\U0001fbff"
)
"""Extended_Pictographic (UTS #51), each a token of Lucene's standard tokenizer."""
NO_DIGITS_CLASS: Final = (
    "\u00b2\u00b3\u00b9\u00bc-\u00be\u2070\u2074-\u2079\u2080-\u2089\u2150-\u215f\u2189\u2460-\u249b\u24ea-\u24ff"
    "\u2776-\u2793"
)
"""Superscripts, fractions and circled numbers: `str.isalnum` takes them, word segmentation does not."""
IDEOGRAPHS_CLASS: Final = (
    "\u2e80-\u2fd5\u3005-\u3007\u3021-\u3029\u3041-\u3096\u309d-\u309f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
"""Han and Hiragana: each character is a token."""
KATAKANA_CLASS: Final = (
    "\u3031-\u3035\u309b\u309c\u30a0-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u32d0-\u32fe\u3300-\u3357\uff66-\uff9d"
)
