"""Which noun of action a perfect has: انتخب and انتخاب, أعلن and إعلان, طور and تطوير, شارك and مشاركة."""

from typing import Final

from deploy.elasticsearch.lexicon.verbs import feminine
from deploy.elasticsearch.lexicon.words import Words

TRILITERAL: Final = 3
LEAST, MOST = 0.2, 20.0
"""How many times as frequent as its perfect a noun of action may be."""


def masdar(words: Words, word: str) -> str:
    """Return the noun of action of a perfect of form II to X, '' for another word."""
    if words.with_article(word) > 0.05 * words[word] or not words[feminine(word)] > 0.02 * words[word]:
        return ""
    best = max(_masdars(word), key=words.noun, default="")
    is_noun = words.with_article(best) > 0.1 * words[best] and not words.spelling(best).startswith(
        "أ"
    )  # أخبار: a plural
    return best if best and is_noun and LEAST < words.noun(best) / words[word] < MOST else ""


def _masdars(word: str) -> list[str]:
    if len(word) == TRILITERAL:
        return [] if word[1] == "ا" else [f"ت{word[:2]}ي{word[2]}"]  # II
    if word[1] == "ا" and len(word) == TRILITERAL + 1:
        return [f"م{word}ه"]  # III
    if word[0] == "ا" and word[-2] == "ا":
        return [word + "ه"]  # IV and X of roots with a weak letter
    return [f"{word[:-1]}ا{word[-1]}"] if word[0] == "ا" and len(word) > TRILITERAL else []  # IV, VII to X
