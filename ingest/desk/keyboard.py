"""Words typed with the keyboard set to the other script: `hguvhr` is «العراق», «صخقمي» is world.

The layout is Arabic (101), as Windows, X.Org (`ara`) and Apple's PC layout have it.
"""

from typing import Final

_LATIN: Final = "qwertyuiop[]asdfghjkl;'zxcvnm,./`"
_ARABIC: Final = "ضصثقفغعهخحجدشسيبلاتنمكطئءؤرىةوزظذ"
_SHIFTED: Final = {"H": "أ", "Y": "إ", "N": "آ", "J": "ـ", "T": "لإ", "G": "لأ", "B": "لآ"}
_TO_ARABIC: Final = str.maketrans(dict(zip(_LATIN, _ARABIC, strict=True)) | {"b": "لا"} | _SHIFTED)
_TO_LATIN: Final = str.maketrans(dict(zip(_ARABIC, _LATIN, strict=True)) | {"أ": "h", "إ": "y", "آ": "n"})


def other_script(text: str) -> str:
    """Return what the same keys write in the other script; '' where a text has letters of both, or of neither."""
    arabic = any(letter in _ARABIC for letter in text)
    latin = any(letter.isascii() and letter.isalpha() for letter in text)
    if arabic == latin:
        return ""
    if latin:
        return "".join(_cased(letter).translate(_TO_ARABIC) for letter in (text.lower() if text.isupper() else text))
    return text.replace("لا", "b").translate(_TO_LATIN)


def _cased(letter: str) -> str:
    """Return a capital as the small letter, unless shift writes another letter with its key."""
    return letter if letter in _SHIFTED else letter.lower()
