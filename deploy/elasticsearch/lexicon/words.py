"""What is known of each Arabic word: how often it is written, and how."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from ingest.arabic.fold import arabic_normalization

LETTERS: Final = frozenset("ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي")
LONGEST: Final = 14
ARTICLE: Final = "ال"


@dataclass(frozen=True, slots=True)
class Words:
    """Frequencies (share of all running words) of words in the form that the analyzer's rules see."""

    frequency: dict[str, float]
    written: dict[str, str]

    def __getitem__(self, word: str) -> float:
        return self.frequency.get(word, 0.0)

    def __contains__(self, word: str) -> bool:
        return word in self.frequency

    def with_article(self, word: str) -> float:
        """Return how often a word follows the article, as nouns and adjectives do, and verbs do not."""
        return self[ARTICLE + word] + self["لل" + word]

    def spelling(self, word: str) -> str:
        """Return how a word is mostly written, with hamza, ta marbuta and alef maqsura; '' for an unknown one."""
        return self.written.get(word, "")

    def noun(self, word: str) -> float:
        """Return how often a word is written, with the article or without."""
        return self[word] + self[ARTICLE + word]


def load() -> Words:
    """Read the word counts of PyPI `wordfreq` (Speer 2022, CC BY-SA 4.0): Wikipedia, news, books, subtitles, web."""
    import wordfreq  # noqa: PLC0415  # half a second, and only this function needs it

    counts: dict[str, float] = defaultdict(float)
    most: dict[str, tuple[float, str]] = {}
    for spelling, share in wordfreq.get_frequency_dict("ar", "large").items():
        if not LETTERS.issuperset(spelling) or not 1 < len(spelling) <= LONGEST:
            continue
        word = arabic_normalization(spelling)
        counts[word] += share
        most[word] = max(most.get(word, (0.0, "")), (share, spelling))
    return Words(dict(counts), {word: spelling for word, (_, spelling) in most.items()})
