"""Did you mean: which other spelling of a search, if any, finds so much more that it is worth asking."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from math import prod
from typing import Any, Final

from ingest.arabic.fold import fold
from ingest.desk.keyboard import other_script

FEW: Final = 3
"""Searches that find more are taken as they are."""
TIMES: Final = 10
"""How many times as much another spelling must find."""
MOST: Final = 4
"""Spellings that are counted."""
PER_WORD: Final = 2
FIELDS: Final = ("body", "title")
"""Whose words are known: a reference has none but those of its headline."""


@dataclass(frozen=True, slots=True)
class Guess:
    """Another spelling, and how many articles it finds."""

    text: str
    articles: int


def suggester(text: str) -> dict[str, Any]:
    """Return the request for words of the index, of headlines as of texts, that are like those of a text."""
    options = {"suggest_mode": "popular", "size": PER_WORD, "min_word_length": 3, "prefix_length": 0, "sort": "score"}
    return {field: {"text": text, "term": {"field": f"{field}.exact", **options}} for field in FIELDS}


def alike(suggest: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[Mapping[str, Any]]:
    """Return for each word of a text the words that any field has, the likest first."""
    return [_alike(same) for same in zip(*(suggest[field] for field in FIELDS), strict=True)]


def _alike(same: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    scores = {option["text"]: option["score"] for one in same for option in one["options"]}
    ranked = sorted(scores, key=lambda word: -scores[word])
    return {"text": same[0]["text"], "options": [{"text": word, "score": scores[word]} for word in ranked]}


def spellings(text: str, options: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the spellings to count: the other keyboard's, then those of the index's own words, the likeliest first."""
    choices = [_choices(one) for one in options]
    ranked = sorted(islice(product(*choices), 64), key=lambda pick: -prod(score for _, score in pick))
    found = [other_script(text), *(" ".join(word for word, _ in pick) for pick in ranked)]
    different = [one for one in dict.fromkeys(found) if one and fold(one) != fold(text)]
    return different[:MOST]


def as_written(text: str, words: Iterable[str]) -> str:
    """Return a spelling as articles write its words: the index knows «القاهره», people «القاهرة»."""
    known = {fold(word): word for word in words}
    return " ".join(known.get(fold(word), word) for word in text.split())


def meant(total: int, counted: Sequence[Guess]) -> Guess | None:
    """Return the spelling worth asking about; of like ones the earlier."""
    best = max(counted, key=lambda one: one.articles, default=None)
    return best if best and best.articles >= max(1, total * TIMES) else None


def _choices(one: Mapping[str, Any]) -> list[tuple[str, float]]:
    """Return a word as it is, and those it may be, each with how like it is."""
    kept = [(str(one["text"]), 0.5 if one["options"] else 1.0)]
    return kept + [(str(option["text"]), float(option["score"])) for option in one["options"][:PER_WORD]]
