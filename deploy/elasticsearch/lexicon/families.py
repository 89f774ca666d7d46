"""Each word's family, and the label that represents it in the index."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from deploy.elasticsearch.lexicon.curated import Curated
from deploy.elasticsearch.lexicon.hamza import hamza
from deploy.elasticsearch.lexicon.light import suffixless
from deploy.elasticsearch.lexicon.masdars import masdar
from deploy.elasticsearch.lexicon.plurals import singular
from deploy.elasticsearch.lexicon.proclitics import bare
from deploy.elasticsearch.lexicon.suffixes import accusative, distinct, shorter
from deploy.elasticsearch.lexicon.verbs import perfect
from deploy.elasticsearch.lexicon.words import Words

OWN_ENDINGS: Final = ("ان", "ون", "ين", "ات", "ها", "ي", "ه")
"""What light10 takes for a suffix; at the end of a family's first word it is no suffix, but for ة."""
TWIN: Final = 0.05
RARE: Final = 1e-6
"""For words as rare as this, a rule that separates them from their form with ة is not worth it."""


@dataclass(slots=True)
class Families:
    """Finds the label of a word: without proclitics, then from form to shorter form until the family's first word."""

    words: Words
    curated: Curated
    _labels: dict[str, str] = field(default_factory=dict)

    def label(self, word: str) -> str:
        """Return the label of a word's family."""
        return self._label(self._bare(word), frozenset())

    def _bare(self, word: str) -> str:
        return word if word in self.curated else bare(self.words, word, self.curated.whole)

    def _label(self, word: str, seen: frozenset[str]) -> str:
        if word not in self._labels:
            parent = "" if word in seen else self.parent(word)
            self._labels[word] = self._label(parent, seen | {word}) if parent else self.first_label(word)
        return self._labels[word]

    def parent(self, word: str) -> str:
        """Return the word of which this one is a form, '' for a family's first word."""
        if word in self.curated.whole:
            return ""
        if word in self.curated.parents:
            return self.curated.parents[word]
        if word not in self.words:
            return ""
        found = (rule(self.words, word) for rule in (hamza, accusative, perfect, singular, shorter, masdar))
        return next(filter(None, found), "")

    def first_label(self, word: str) -> str:
        """Return the label of a family by its first word: what light10 makes of the family's unknown forms."""
        written = self.words.spelling(word) or word
        if word in self.curated.whole:
            return self.curated.whole[word]
        if written.endswith("ة"):
            return word if self._yields(word[:-1], word) else suffixless(word)
        if word.endswith(OWN_ENDINGS) and not self._is_adjective(word):
            return word
        return f"{word}1" if self._yields(f"{word}ه", word) else suffixless(word)

    def _is_adjective(self, word: str) -> bool:
        """Return whether ي is an ending, as in يدوي (feminine يدوية), and not a letter of the word, as in دبي."""
        feminine = word + "ه"
        frequent = self.words[feminine] > TWIN * self.words[word]
        return word.endswith("ي") and frequent and self.words.spelling(feminine).endswith("ة")

    def _yields(self, twin: str, word: str) -> bool:
        """Return whether a word must leave the common stem to its more frequent twin with, or without, ة."""
        if self.words[twin] <= self.words[word] or self.words[word] < RARE:
            return False
        base, feminine = sorted((twin, word), key=len)
        if not self.words.spelling(feminine).endswith("ة"):
            return False
        return distinct(self.words, base) or self.words[word] < TWIN * self.words[twin]


def rules(families: Families, light: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the words whose label is not what light10 gives, most frequent first."""
    exceptions = [(word, label) for word, stem in light.items() if (label := families.label(word)) != stem]
    return sorted(exceptions, key=lambda rule: (-families.words[rule[0]], rule[0]))
