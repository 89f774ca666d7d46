"""Texts that are alike by formula and tell of different events: the bulletins of each day, the third plane, the fourth.

Measured on a month of fourteen newspapers: `benchmarks/stories.py`.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

LEAD: Final = 40
"""Words of the body that, with the title, say what it is about."""

_BULLETIN: Final = re.compile(
    r"\b(?:(?:ال)?طقس|الاحوال الجويه|درج(?:ه|ات) الحراره"  # weather
    r"|(?:ال)?اسهم|(?:ال)?بورصه|سعر الصرف|اسعار (?:صرف|الذهب|العملات|النفط)"  # markets
    r"|(?:مواقيت|اوقات|مواعيد) (?:الصلاه|الصلوات|الاذان)"
    r"|كاريكات[يو]ر|حظك اليوم|الابراج"
    r"|[يت]هن[ئي](?:ان|ه)?|برقي(?:ه|تي|تين|ات)|يعز[يو]|يعزيان|تعزي"  # telegrams
    r"|(?:تنفيذ|نفذ|نفذت) (?:حكم )?(?:القتل|الاعدام|القصاص|حد الحرابه)|القتل (?:تعزيرا|قصاصا))\b"  # executions
)
"""What of a title or a lead, folded, makes it a bulletin: the same words every day, or to everybody."""

_DAILY: Final = re.compile(
    r"^(?=.*\bاليوم\b).*(?:\b[لب]?(?:سعر|اسعار) (?:صرف |بيع |شراء )?(?:ال)?(?:دولار|يورو|ريال|دينار|درهم|ليره|جنيه"
    r"|استرليني|عملات|ذهب|فضه|نفط|حديد|اسمنت|بنزين|سولار|محروقات|وقود|خضروات|خضار|خضر|فاكهه|فواكه|دواجن|فراخ|بيض|لحوم"
    r"|اسماك|سمك)\b|\bعيار (?:14|18|21|22|24)\b|\b(?:مواعيد|جدول|توقيت) (?:اهم )?(?:ال)?(?:مباريات|قطارات|رحلات)\b)"
    r"|\b(?:ال)?م[ؤو]شر\b|\bترتيب (?:ال)?(?:دوري|مجموع\w+|هدافي\w*)\b|\b(?:ال)?(?:لوتو|يانصيب)\b"  # tables
    r"|^(?:ال)?وفيات\b(?! و?لا)|\b(?:اصابه|اصابات) جديده\b"  # obituaries, the ministry of health
)
"""What of a title alone, folded, makes it a bulletin: in the leads of other news these words stand too."""

_ORDINALS: Final[Mapping[str, int]] = {
    form: number
    for number, stem in enumerate(
        ("اول", "ثاني", "ثالث", "رابع", "خامس", "سادس", "سابع", "ثامن", "تاسع", "عاشر"), start=1
    )
    for form in (stem, f"{stem}ه", f"ال{stem}", f"ال{stem}ه")
} | {"اولي": 1, "الاولي": 1, "حاديه": 11, "الحاديه": 11}


def is_bulletin(title: Sequence[str], lead: Sequence[str]) -> bool:
    """Tell whether folded words are those of a bulletin."""
    named = " ".join(title)
    return bool(_BULLETIN.search(named) or _DAILY.search(named) or _BULLETIN.search(" ".join(lead[:LEAD])))


def numbers(words: Sequence[str]) -> frozenset[str]:
    """Return the numbers of a text: what is new in a bulletin."""
    return frozenset(word for word in words if word.isdecimal())


def counted(words: Sequence[str]) -> dict[str, int]:
    """Return which one of several it is about, by the word for them: «الطائرة الثالثة», «ثالث طائرة».

    The word stands before an ordinal that has an article, and after one that has none.
    """
    found: dict[str, int] = {}
    for place, word in enumerate(words):
        if (number := _ORDINALS.get(word)) is None:
            continue
        beside = place - 1 if word.startswith("ال") or word.endswith("ه") else place + 1
        if 0 <= beside < len(words):
            found.setdefault(words[beside].removeprefix("ال"), number)
    return found


def other_one(one: Mapping[str, int], other: Mapping[str, int]) -> str:
    """Return the word of which two texts count different ones: the third plane is not the fourth. Else ''."""
    return next((word for word in sorted(one.keys() & other.keys()) if one[word] != other[word]), "")
