"""The desk's words in its two languages, as `strings.toml` has them."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Final

_TABLES: Final[Mapping[str, Any]] = tomllib.loads(
    files("workers.desk").joinpath("strings.toml").read_text(encoding="utf-8")
)

STRINGS: Final[Mapping[str, tuple[str, str]]] = {name: (ar, en) for name, (ar, en) in _TABLES["strings"].items()}
"""What stands on a page, by name: (Arabic, English)."""
LANGUAGES: Final[Mapping[str, tuple[str, str]]] = {code: (ar, en) for code, (ar, en) in _TABLES["languages"].items()}
"""Names of the languages of articles, by ISO 639 code: (Arabic, English)."""
COUNTED: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    noun: {language: tuple(forms) for language, forms in languages.items()}
    for noun, languages in _TABLES["counted"].items()
}
"""Nouns with a number, by noun and language: the forms in the order of CLDR's plural rules."""
