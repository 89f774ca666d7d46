"""Which known name a misspelt one may have meant."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, known: Iterable[str], least: float = 0.75) -> str:
    """Return the known name that is most like this one, or ''; `least` is the part of them (0 to 1) that must agree."""
    found = get_close_matches(name, sorted(known), n=1, cutoff=least)
    return found[0] if found else ""


def meant(name: str, known: Iterable[str]) -> str:
    """Return what to add to a sentence about an unknown name: `; did you mean …?`, or '' where none is like it."""
    found = nearest(name, known)
    return f"; did you mean {found}?" if found else ""
