"""The lists made by hand, in the form that the analyzer's rules see."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ingest.arabic.fold import arabic_normalization

DATA: Final = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Curated:
    """What a person knows and counting does not tell."""

    parents: dict[str, str] = field(default_factory=dict)
    """plurals.tsv: the singular of each plural, the noun of an irregular adjective."""
    whole: dict[str, str] = field(default_factory=dict)
    """whole.tsv: words that are no form of a shorter one, and their labels."""

    def __contains__(self, word: str) -> bool:
        return word in self.parents or word in self.whole


def load() -> Curated:
    """Read the lists."""
    parents: dict[str, str] = {}
    for singular, *plurals in _rows("plurals.tsv"):
        parents |= dict.fromkeys(plurals, singular)
    whole = {row[0]: row[-1] for row in _rows("whole.tsv")}
    return Curated(parents, whole)


def _rows(name: str) -> list[list[str]]:
    """Return the lines of a list, words separated by spaces; what follows a # is the reason."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [arabic_normalization(row).split() for line in lines if (row := line.split("#")[0].strip())]
