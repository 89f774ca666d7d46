"""Which perfect an imperfect belongs to: يقول is قال, ينتخب is انتخب, يعلن is أعلن, يصل is وصل."""

from typing import Final

from deploy.elasticsearch.lexicon.words import Words

PERSONS: Final = ("ي", "ت", "ن", "ا")
LEAST: Final = 3
ENDINGS: Final = ("", "ون", "ان", "ين", "وا", "ن", "ه", "ها", "هم")
TRILITERAL: Final = 3
HOLLOW: Final = 0.1
"""Weight of يصور as صار: forms II of such roots (صوّر) are rarer, but this is them."""


def perfect(words: Words, word: str) -> str:
    """Return the perfect of an imperfect, '' for another word.

    An imperfect is known by its paradigm: the ي and ت persons both exist, and neither takes an article.
    """
    for ending in ENDINGS:
        stem = word.removesuffix(ending)[1:] if word.endswith(ending) else ""
        if len(stem) + 1 >= LEAST and word.startswith(PERSONS) and _is_imperfect(words, word, stem):
            weights = _perfects(stem)
            best = max(weights, key=lambda one: weights[one] * words[feminine(one)])
            if best != word and len(best) >= LEAST and _fits(words, best, stem):
                return best
    return ""


def feminine(perfect_: str) -> str:
    """Return the third person feminine of a perfect: قالت, دعت."""
    return (perfect_[:-1] if perfect_.endswith(("ا", "ي")) else perfect_) + "ت"


def _is_imperfect(words: Words, word: str, stem: str) -> bool:
    he, she = words["ي" + stem], words["ت" + stem]
    if not he or not she or words.with_article("ي" + stem) > 0.05 * he:
        return False
    if words.with_article(word) > 0.05 * words[word] or (word[0] != "ي" and words[word] > 3 * he):
        return False
    return he > 0.05 * she or she > 0.05 * he


def _perfects(stem: str) -> dict[str, float]:
    """Return what the perfect may be, with weights.

    Sound and forms II, III, V, VI (ي off), IV and VII to X (alef for ي); roots with a weak letter.
    """
    perfects = {stem: 1.0, "ا" + stem: 1.0}
    if len(stem) == TRILITERAL and stem[1] in "وي":
        perfects[stem[0] + "ا" + stem[2]] = HOLLOW
    if stem.endswith("و"):
        perfects[stem[:-1] + "ا"] = 1.0
    if stem.startswith("ؤ"):
        perfects["ا" + stem[1:]] = 1.0
    if len(stem) == TRILITERAL - 1:
        perfects["و" + stem] = 1.0
    if stem[-2] == "ي" and len(stem) >= TRILITERAL:
        perfects["ا" + stem[:-2] + "ا" + stem[-1]] = 1.0
    return perfects


def _fits(words: Words, perfect_: str, stem: str) -> bool:
    """Return whether a word is the perfect: its feminine exists, and it is about as frequent as the imperfect."""
    share = words["ي" + stem] + words["ت" + stem]
    return words[perfect_] > 0.05 * share and words[feminine(perfect_)] > 0.02 * share
