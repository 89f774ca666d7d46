"""The line between a headline and its text: who, when, where, how often read, in any order, with any separators."""

import re
from collections.abc import Iterable
from typing import Final

from ingest.dates import parse_date
from ingest.dates.words import MONTHS, WEEKDAYS, fold
from ingest.extract.author_words import AGENCIES, ARABIC, CREDIT, PLACES

WORDS: Final = 25
CHARACTERS: Final = 250
NAMES: Final = 4
"""Maximum unknown words in such a line: those of a name, a section, a small town."""
_DAYS = "|".join(WEEKDAYS)
_MONTHS = "|".join(MONTHS)
COUNTS: Final = re.compile(
    r"(?:عدد )?(?:ال)?(?:مشاهدات|مشاهده|زيارات|زيارة|زياره|زوار|قراءات|قراءه|قراء"
    r"|تعليقات|تعليق|مشاركات|مشاركه|اعجاب|اعجابات"
    r"|طباعه|ارسال|حجم الخط|views?|comments?|reads?)(?!\w)"
)
LABELS: Final = re.compile(
    r"(?<!\w)(?:تاريخ ال(?:نشر|اضافه|خبر|تحديث)|تاريخ|نشر(?:ت)?(?: في)?|تم النشر|اخر تحديث|تحديث"
    r"|اضيف(?:ت)?|القسم|التصنيف|الساعه|توقيت\s\w+"
    r"|بتوقيت\s\w+|الموافق|ميلادي|هجري)(?!\w)"
)
WHEN: Final = re.compile(
    rf"(?<!\w)(?:{_DAYS}|{_MONTHS})(?!\w)|(?<!\w)(?:منذ|قبل)\s(?:\d+\s)?\w+|\d[\d,.:/\-]*\s?(?:am|pm|ص|م|ه|هـ)?(?!\w)"
)


def _any(names: Iterable[str]) -> re.Pattern[str]:
    listed = "|".join(re.escape(fold(name)) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{listed})(?!\w)")


AGENCY: Final = _any(AGENCIES)
PLACE: Final = _any(PLACES)
WORD: Final = re.compile(r"[^\W\d_]{2,}")
SENTENCE: Final = re.compile(r"[.!؟?…]\W*$")
PARTED: Final = re.compile(r"[|•·/\-–—ـ()،:]")


def names_agency(text: str) -> bool:
    """Return whether a line has the name of a news agency."""
    return bool(AGENCY.search(fold(text)))


def is_credit_line(text: str) -> bool:
    """Return whether a line above the text only says who wrote it, when and where, or how often it was read."""
    if (
        not ARABIC.search(text)
        or len(text) > CHARACTERS
        or text.count(" ") >= WORDS
        or (SENTENCE.search(text) and not text.endswith((")", "م.", "ص.")))
    ):
        return False
    if signed := CREDIT.match(text):
        return len(WORD.findall(text[signed.end() :])) <= NAMES and (PARTED.search(text) is not None)
    folded, signs = fold(text), 0
    for pattern in (COUNTS, LABELS, AGENCY):
        folded, found = pattern.subn(" ", folded)
        signs += found
    if parse_date(text) or WHEN.fullmatch(folded.strip()):
        signs += 1
    rest = WORD.findall(PLACE.sub(" ", WHEN.sub(" ", folded)))
    return signs > 0 and len(rest) <= NAMES and bool(PARTED.search(text) or not rest)
