"""Which shorter word a word without proclitics is a form of: plural, dual, feminine, nisba, with a pronoun."""

from typing import Final

from deploy.elasticsearch.lexicon.words import Words

PRONOUNS: Final = ("هما", "ها", "هم", "هن", "نا", "كم", "ه", "ي")
ON_TA_MARBUTA: Final = ("تهما", "تها", "تهم", "تنا", "تكم", "تان", "تين", "ته", "تي", "تك")
"""Endings before which ة is written ت: حكومته is حكومة."""
OF_ADJECTIVES: Final = ("يات", "يين", "يون", "يتين", "يتان", "يه", "يا")
FEW: Final = 0.05
OWNED: Final = 0.012
"""Share of a feminine noun's occurrences that its forms with a pronoun reach, and an adjective's do not."""
LEAST: Final = 3


def shorter(words: Words, word: str) -> str:
    """Return the next shorter word of the family, '' if there is none."""
    for rule in (_on_ta_marbuta, _number, _feminine, _of_adjective, _adjective, accusative, _pronoun, _verb_ending):
        if parent := rule(words, word):
            return parent
    return ""


def accusative(words: Words, word: str) -> str:
    """Return the word of an adverbial form: يوما is يوم."""
    base = _cut(word, "ا")
    if len(base) < LEAST or words.with_article(word) > FEW * words[word] or not words.spelling(word).endswith("ا"):
        return ""
    return base if words.noun(base) > words[word] and words.with_article(base) > FEW * words[base] else ""


def distinct(words: Words, base: str) -> bool:
    """Return whether two words differ, like مكتب and مكتبة but not كبير and كبيرة: مكتبته occurs, كبيرته does not.

    Nouns of persons (لاعب, لاعبة) have a sound plural in -ون, the feminine is the rarer, and they stay together.
    """
    feminine = base + "ه"
    owned = sum(words[base + ending] for ending in ("ته", "تها", "تهم", "تنا"))
    persons = words[base + "ون"] > 0.002 * words[base] and words[base] > words[feminine]
    return owned > OWNED * words[feminine] and not persons


def _cut(word: str, ending: str) -> str:
    """Return the word without the ending, '' if it has not got it or too little stays."""
    base = word.removesuffix(ending)
    return base if len(base) < len(word) and len(base) >= LEAST - 1 else ""


def _on_ta_marbuta(words: Words, word: str) -> str:
    for ending in ON_TA_MARBUTA:
        base = _cut(word, ending)
        if base and words.noun(base + "ه") > 0.5 * words[word] and words.spelling(base + "ه").endswith("ة"):
            return base + "ه"
    return ""


def _number(words: Words, word: str) -> str:
    """Dual and sound plurals: the other cells of the paradigm must exist, else لبنان were the dual of لبن."""
    ending = word[-2:]
    base = _cut(word, ending)
    if not base or ending not in {"ان", "ون", "ين", "ات"}:
        return ""
    if ending == "ات":
        return _single_of_feminine(words, word, base)
    if len(base) < LEAST or base not in words or _has_adjective(words, word):
        return ""
    if ending == "ين":
        if word.startswith("ت") and words.with_article(word) > FEW * words[word]:
            return ""  # تمرين: a noun of action
        others = words[base + "ون"] + words[base + "ان"]
        return base if others > 0.02 * words[word] or words[base] > 10 * words[word] else ""
    return base if words[base + "ين"] > FEW * words[word] else ""


def _single_of_feminine(words: Words, word: str, base: str) -> str:
    if words.noun(base + "ه") > 0.1 * words[word] and words.spelling(base + "ه").endswith("ة"):
        return base + "ه"
    return base if words.noun(base) > 0.1 * words[word] else ""


def _has_adjective(words: Words, word: str) -> bool:
    return words[word + "ي"] + words[word + "يه"] > 0.02 * words[word]


def _feminine(words: Words, word: str) -> str:
    base = _cut(word, "ه")
    if len(base) < LEAST or not words.spelling(word).endswith("ة") or distinct(words, base):
        return ""
    return base if words[base] > FEW * words[word] and words.with_article(base) > FEW * words[base] else ""


def _of_adjective(words: Words, word: str) -> str:
    """Return the adjective in -ي of its feminine and plurals, the adjective of a land in -يا."""
    for ending in OF_ADJECTIVES:
        base = _cut(word, ending)
        adjective = base + "ي"
        if len(base) < LEAST or words.with_article(adjective) <= 0.02 * words[adjective]:
            continue
        if words[adjective] > (0.02 if ending == "يا" else FEW) * words[word]:
            return adjective
    return ""


def _adjective(words: Words, word: str) -> str:
    """Return the noun of an adjective in -ي: لبناني is لبنان, فرنسي is فرنسا."""
    base = _cut(word, "ي")
    if len(base) < LEAST:
        return ""
    nouns = [base, base + "ه"] if base.endswith("ن") else [base, base + "ه", base + "ا"]
    noun = max(nouns, key=words.noun)
    return noun if noun in words and words.noun(noun) > 0.3 * words[word] else ""


def _pronoun(words: Words, word: str) -> str:
    """Return the word before a pronoun; a word with one takes no article, so متهم is no form of مت."""
    if words.with_article(word) > FEW * words[word]:
        return ""
    for ending in PRONOUNS:
        base = _cut(word, ending)
        if base.endswith(("ائ", "اؤ")):
            base = base[:-1] + "ء"  # وزرائهم is وزراء
        least = LEAST - 1 if ending in {"هما", "ها"} else LEAST
        if len(base) >= least and words.noun(base) > 0.5 * words[word]:
            return base
    return ""


def _verb_ending(words: Words, word: str) -> str:
    """Third person feminine and plural: قالت, قالوا."""
    if words.with_article(word) > FEW * words[word]:
        return ""
    for ending in ("وا", "ت"):
        base = _cut(word, ending)
        if len(base) >= LEAST and words[base] > 0.3 * words[word]:
            return base
    return ""
