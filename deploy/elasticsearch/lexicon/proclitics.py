"""Which word follows the particles that Arabic joins to it: وبالعراق is عراق, but وزير is not زير."""

from collections.abc import Container
from typing import Final

from deploy.elasticsearch.lexicon.words import ARTICLE, Words

WITH_ARTICLE: Final = ("وبال", "فبال", "وكال", "وال", "فال", "بال", "كال", "ال")
WITH_LAM: Final = ("ولل", "فلل", "لل")
"""ل and the article; before a word in ل the article's ل is not written: للغة is ل and اللغة."""
MOST: Final = {"و": 1.5, "ف": 0.5, "ب": 0.5, "ل": 0.5, "ك": 0.2}
"""Maximum frequency of a word with a particle, relative to the word alone."""
NOUN_RATIO: Final = 3.0
ADVERBIAL: Final = ("ب", "ل")
"""With a noun these make adverbs, which may be more frequent than the noun: بشكل, ببطء."""
FUTURE: Final = ("سي", "ست", "سن", "سا")
LEAST: Final = 3
"""Minimum letters that remain after a single particle: too many shorter ones are words by chance (كبر, بر)."""
TAKES_ARTICLE: Final = 0.05
NEVER: Final = 0.002
DOUBLED: Final = 0.006
"""Share of a noun's occurrences with each preposition; a word that bears one already takes no second."""
PRONOUNS: Final = ("ها", "هم", "ه", "نا", "ك", "ي")


def bare(words: Words, word: str, whole: Container[str] = ()) -> str:
    """Return the word without its proclitics; those in `whole` have none."""
    if word in whole or word not in words:
        return word
    rest = _without_article(words, word) or _without_particle(words, word)
    return bare(words, rest, whole) if rest else word


def _without_article(words: Words, word: str) -> str:
    if words.spelling(word).startswith(("أ", "إ", "آ")) or _is_lam_verb(words, word):
        return ""
    for prefix in WITH_LAM:
        if word.startswith(prefix) and (rest := _after_lam(words, word[len(prefix) :])):
            return rest
    for prefix in WITH_ARTICLE:
        rest = word.removeprefix(prefix)
        if 1 < len(rest) < len(word) and rest in words and not _is_noun(words, word):
            return rest
    return ""


def _after_lam(words: Words, rest: str) -> str:
    """Choose between جنة and لجنة after لل by which is more frequent, with and without the article."""
    if len(rest) < LEAST - 1:
        return ""
    longer = "ل" + rest
    if words[longer] + words[ARTICLE + longer] > 0.2 * (words[rest] + words[ARTICLE + rest]):
        return longer
    return rest if rest in words else ""


def _is_lam_verb(words: Words, word: str) -> bool:
    """Return whether ال is no article, as in التقى (form VIII of a root in ل): imperfect يلتقي, a noun with article."""
    return word.startswith("الت") and words["ي" + word[1:]] + words["ت" + word[1:]] > TAKES_ARTICLE * words[word]


def _without_particle(words: Words, word: str) -> str:
    rest = word[1:]
    if len(rest) < LEAST or rest not in words or _is_noun(words, word):
        return ""
    if word.startswith(FUTURE):
        is_verb = len(rest) > LEAST and words[rest] > words[word] and words.with_article(rest) <= 0.2 * words[rest]
        return rest if is_verb else ""
    noun = words.with_article(rest) > 0.2 * words[rest]
    if word[0] == "ك" and not noun:
        return ""
    if word[0] in ADVERBIAL and _is_adverb(words, word):
        return rest
    most = MOST.get(word[0], 0.0) * (NOUN_RATIO if noun and len(rest) > LEAST else 1.0)
    return rest if words[word] <= most * words[rest] else ""


def _is_adverb(words: Words, word: str) -> bool:
    """Return whether the word after the preposition is a noun, alone or with a pronoun, and the whole is not."""
    if words.with_article(word) > NEVER * words[word]:
        return False
    rest = word[1:]
    bases = [rest] + [base for ending in PRONOUNS if (base := rest.removesuffix(ending)) != rest]
    return any(
        len(base) >= LEAST and words.with_article(base) > 0.2 * words[base] and words.noun(base) > words[word] / 5
        for base in bases
    )


def _is_noun(words: Words, word: str) -> bool:
    """Return whether a word takes an article or both prepositions itself, so that its first letter is its own."""
    if words.with_article(word) > TAKES_ARTICLE * words[word]:
        return True
    doubled = words["ب" + word]
    if word[0] != "ل":
        doubled = min(doubled, words["ل" + word])
    return doubled > DOUBLED * words[word] and not word.startswith(("ال", "وال", "بال", "لل"))
