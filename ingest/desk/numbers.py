"""Numbers as people read them: digits of either kind, and nouns in the form that a number asks for."""

from collections.abc import Sequence
from typing import Final, Literal

Language = Literal["ar", "en"]
Digits = Literal["latn", "arab"]
_ARABIC: Final = str.maketrans("0123456789,.%", "٠١٢٣٤٥٦٧٨٩٬٫٪")


def written(number: float, digits: Digits) -> str:
    """Return a number with separators of thousands."""
    text = f"{number:,}"
    return text.translate(_ARABIC) if digits == "arab" else text


def in_digits(text: str, digits: Digits) -> str:
    """Return a text of our own, such as a date, in some digits; other signs stay."""
    return (
        "".join(chr(ord("٠") + int(one)) if one in "0123456789" else one for one in text) if digits == "arab" else text
    )


def counted(number: int, forms: Sequence[str], language: Language, digits: Digits) -> str:
    """Return a noun with its number.

    Forms are those of Unicode's plural rules: Arabic has zero, one, two, few, many and other; English one and other.
    """
    form = forms[_arabic(number) if language == "ar" else int(number != 1)]
    return form.format(n=written(number, digits))


def _arabic(number: int) -> int:
    if number < 3:  # noqa: PLR2004  # zero, one and two have forms of their own
        return number
    rest = number % 100
    return 3 if 3 <= rest <= 10 else 4 if rest >= 11 else 5  # noqa: PLR2004  # CLDR: few, many, other
