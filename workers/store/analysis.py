"""The analyzers, put together from deploy/elasticsearch: analysis.json names the lists beside it.

The character filter is not a file but what `ingest.arabic.fold` does, written as the server's mapping rules.
"""

import json
import unicodedata
from itertools import product
from pathlib import Path
from typing import Any, Final

from ingest.arabic.fold import ELONGATED, LATIN_LETTERS, LONGEST_ELONGATION
from ingest.arabic.tables import FOLDED, FULL_LETTERS_CLASS, JOINING_MARKS, TATWEEL, expanded

FOLDER: Final = Path(__file__).parents[2] / "deploy" / "elasticsearch"
DIGITS: Final = "0123456789"
ARABIC_DIGITS: Final = "٠١٢٣٤٥٦٧٨٩"
LISTS: Final = ("stopwords", "synonyms", "rules")
"""Filter settings whose value in analysis.json is the name of a file."""


def analysis() -> dict[str, Any]:
    """Return the index settings `analysis`."""
    made: dict[str, Any] = json.loads((FOLDER / "analysis.json").read_text(encoding="utf-8"))
    for settings in made["filter"].values():
        for name in LISTS:
            if name in settings:
                settings[name] = _list(name, settings[name])
    made["char_filter"]["ar_characters"]["mappings"] = character_rules()
    return made


def character_rules() -> list[str]:
    """Return the first steps of `fold` as rules for a mapping character filter."""
    free_latin = {TATWEEL + char: " " + char for char in LATIN_LETTERS + DIGITS + ARABIC_DIGITS}
    joined = product(JOINING_MARKS, expanded(FULL_LETTERS_CLASS))
    joined_words = {mark + letter: " " + letter for mark, letter in joined}
    domains = {"." + letter: " " + letter for letter in LATIN_LETTERS}
    thousands = {f",{number:03}": f"{number:03}" for number in range(1000)}
    lengths = range(3, LONGEST_ELONGATION + 1)
    elongated = {letter * length: letter for letter, length in product(ELONGATED, lengths)}
    return _rules(FOLDED | free_latin | joined_words | domains | thousands | elongated)


def _list(name: str, file: str) -> list[str]:
    """Return the lines of a list without their comments."""
    lines = (FOLDER / file).read_text(encoding="utf-8").splitlines()
    rows = [row for line in lines if (row := line.split("#")[0].strip())]
    return [word for row in rows for word in row.split()] if name == "stopwords" else rows


def _rules(mapping: dict[str, str]) -> list[str]:
    return [f"{_escaped(key)}=>{_escaped(value)}" for key, value in sorted(mapping.items())]


def _escaped(text: str) -> str:
    """Escape characters for the mapping filter that an editor would hide or join to their neighbours."""
    return "".join(c if unicodedata.category(c)[0] in "LNP" and c.isprintable() else f"\\u{ord(c):04X}" for c in text)
