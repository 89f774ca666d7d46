"""Which singular a broken plural belongs to, where its pattern leaves no doubt; for others see data/plurals.tsv."""

import re
from typing import Final

from deploy.elasticsearch.lexicon.words import Words

C: Final = "([بتثجحخدذرزسشصضطظعغفقكلمنهوي])"
Z: Final = "([بتثجحخدذرزسشصضطظعغفقكلمن])"
"""A last letter: ي, و and ه there are mostly an ending."""
B: Final = "([بثجحخدذرزسشصضطظعغفقكلنهوي])"
"""A first letter of four-letter roots: ت and م there are mostly a prefix."""
PATTERNS: Final = tuple(
    (re.compile(plural), hamza, singulars)
    for plural, hamza, singulars in (
        (f"م{C}ا{C}{Z}", "", (r"م\1\2\3", r"م\1\2\3ه")),  # منازل منزل, مدارس مدرسة
        (f"م{C}ا{C}ي{Z}", "", (r"م\1\2ا\3",)),  # مفاتيح مفتاح
        (f"م{C}ا{C}ي{Z}", "", (r"م\1\2و\3",)),  # مشاريع مشروع
        (f"{C}وا{C}ي{Z}", "", (r"\1ا\2و\3", r"\1ا\2ي\3")),  # صواريخ صاروخ
        (f"{C}وا{C}{Z}", "", (r"\1ا\2\3ه", r"\1ا\2\3")),  # قواعد قاعدة, جوانب جانب
        (f"{C}{C}ائ{Z}", "", (r"\1\2ي\3ه",)),  # وثائق وثيقة
        (f"{C}{C}ائ{Z}", "", (r"\1\2ا\3ه", r"\1\2و\3ه")),  # رسائل رسالة
        (f"{C}{C}{C}اء", "", (r"\1\2ي\3",)),  # وزراء وزير
        (f"ا{C}{C}{C}اء", "أ", (r"\1\2ي\3",)),  # أصدقاء صديق
        (f"ا{C}{C}ا{Z}", "أ", (r"\1\2\3", r"\1\2\3ه")),  # أسعار سعر
        (f"ا{C}{C}{C}ه", "أ", (r"\1\2ا\3",)),  # أسلحة سلاح
        (f"ت{C}ا{C}ي{Z}", "", (r"ت\1\2ي\3",)),  # تقارير تقرير
        (f"ا{C}ا{C}ي{Z}", "أ", (r"ا\1\2و\3", r"ا\1\2ي\3")),  # أساليب أسلوب, أقاليم إقليم
        (f"{B}{C}ا{C}ي{Z}", "", (r"\1\2\3و\4", r"\1\2\3ي\4", r"\1\2\3ا\4")),  # صناديق صندوق
        (f"{B}{C}ا{C}{Z}", "", (r"\1\2\3\4", r"\1\2\3\4ه", r"\1\2\3ا\4")),  # عناصر عنصر, زلازل زلزال
    )
)
LEAST, MOST = 0.02, 30.0
"""How many times as frequent as its plural a singular may be."""


def singular(words: Words, word: str) -> str:
    """Return the singular of a broken plural, '' for another word."""
    if _has_own_forms(words, word):
        return ""
    for pattern, hamza, singulars in PATTERNS:
        match = pattern.fullmatch(word)
        if match and words.spelling(word).startswith(hamza):
            best = max((match.expand(one) for one in singulars), key=words.noun)
            if _fits(words, word, best):
                return best
    return ""


def _has_own_forms(words: Words, word: str) -> bool:
    """Return whether a word is a participle (مسافر, مسافرين) or adjective (أخير, أخيرة): forms that no plural has."""
    sound = words[word + "ين"] + words[word + "ون"]
    feminine = word + "ه"
    has_feminine = words[feminine] > 0.2 * words[word] and words.spelling(feminine).endswith("ة")
    is_feminine = word.endswith("ه") and words[word[:-1]] > 0.2 * words[word]
    is_number = word.endswith("ين") and words[word[:-2]] > words[word]
    return sound > 0.02 * words[word] or has_feminine or is_feminine or is_number


def _fits(words: Words, plural: str, one: str) -> bool:
    """Both are nouns: they take the article, in about the same measure."""
    if one not in words or not LEAST < words.noun(one) / words.noun(plural) < MOST:
        return False
    return words.with_article(plural) > 0.02 * words[plural] and words.with_article(one) > 0.02 * words[one]
