"""What kind of edit makes one version of an article the next: decided from what readers read, never from bytes."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

from ingest.arabic.fold import fold, tokens
from ingest.model import Article
from ingest.revisions.difference import MOST_WORDS, Change, changes, opcodes, sentences
from ingest.revisions.furniture import without_furniture
from ingest.revisions.wording import WESTERN, are_alike, facts, numbers

HAMZA: Final = str.maketrans({"ؤ": "و", "ئ": "ي", "ء": None, " ": None})
"""What spelling may differ in, beyond an exact search's fold: a hamza that is left out, «ان شاء», «انشاء»,"""
SEATS: Final = str.maketrans({"ؤ": "ء", "ئ": "ء", " ": None})
"""or one on another seat: «مسؤول», «مسئول»."""
ADDED: Final = 2
"""Words that may come or go in an article without changing what it says: «أمس», «اليوم الأحد»."""
HALF: Final = 0.5
"""Share of the words below which a shorter text is more likely badly extracted than cut by an editor."""
SAME_TEXT: Final = 0.3
"""Share of the earlier pairs of neighbouring words that the same article still has, whatever was edited."""
CORRECTION: Final = re.compile(
    r"^\W*(?:تصحيح|تنويه|تصويب|توضيح|استدراك|اعتذار|correction|clarification)"
    r"(?: (?:هام|مهم|واعتذار|خبر|خطأ|(?:من )?(?:ال|هيئة ال)(?:محرر|تحرير)))?\s*(?:[:：\-–—)\]…*]|\.\.|$)"
    r"|^\W*ملاحظة (?:من )?(?:ال|هيئة ال)(?:محرر|تحرير)|^\W*editor['’]?s['’]? note\b"
    r"|(?:تم|تمّ|جرى|جرت) (?:تصحيح|تصويب|تعديل) (?:هذ|ال(?:خبر|مقال|تقرير|عنوان|نسخ))"
    r"|(?:صحح|عدل|صوب)ت? (?:هذا (?:الخبر|المقال|التقرير)|هذه المادة)"
    r"|^\W*تعتذر (?:ال|«)?(?:صحيفة|جريدة|بوابة|موقع|شبكة|وكالة|قناة|أسرة|إدارة|هيئة)[^.]{0,60} (?:عن|على) (?:ال)?خطأ"
    r"|نسخة (?:سابقة|أولى) من هذ|ورد(?:ت)? (?:خطأ )?في (?:ال)?نسخة (?:ال)?(?:سابقة|أولى)|ورد خطأ (?:في|أن|اسم)"
    r"|نعتذر (?:عن (?:هذا |ذلك )?ال(?:خطأ|لبس)|ل(?:قرائ|لقراء))",
    re.IGNORECASE,
)
"""Notes by which newspapers mark a correction."""
MARKS: Final = re.compile("[\u064b-\u0652\u0640]")
"""Diacritics and tatweel."""
MEDIA: Final = "(?:ب?(?:ال)?(?:فيديو|صور|صورة)(?: و(?:ال)?(?:فيديو|صور))?)"
LABEL: Final = re.compile(
    rf"^[^\w#]*(?:(?:#عاجل |(?:(?:خبر )?عاجل|حصري|خاص|مباشر|تحديث|متابعة|شاهد|شاهدوا|(?:شاهد )?{MEDIA}|محدث"
    r"|تصحيح)\s*[|:\-–—.…/»\])]+)\s*)?"
    rf"|\s*[|(\[\-–—.…]+\s*(?:شاهد |{MEDIA}|محدث|تحديث|مباشر|تصحيح)\s*[)\]]?\W*$"
)
"""What stands before a headline, or behind it, for some hours; that it went is no other headline."""


class Kind(StrEnum):
    """Kinds of change, the most telling first."""

    FIRST = "first"
    """No change: the version that was indexed first."""
    GONE = "gone"
    BACK = "back"
    CORRECTION = "correction"
    """A note such as «تصحيح» or «تنويه» appeared."""
    HEADLINE = "headline"
    SUBSTANTIVE = "substantive"
    """Numbers, a negation, other words, sentences."""
    MINOR = "minor"
    """Typing errors, particles, a word or two added."""
    SPELLING = "spelling"
    """Hamza, diacritics, tatweel, punctuation, white space only."""


@dataclass(frozen=True, slots=True)
class Edit:
    """How two versions of an article differ."""

    kinds: tuple[Kind, ...]
    """At most one of substantive, minor and spelling; the most telling first."""
    changes: tuple[Change, ...]
    """Passages of title, body and caption, before and after."""


def edit_of(old: Article, new: Article) -> Edit | None:
    """Return how a new version differs from the old one in title, body, caption and authors; None if it does not."""
    title = changes(old.title, new.title)
    text = changes(without_furniture(old.body), without_furniture(new.body))
    caption = changes(old.caption, new.caption) if old.caption and new.caption else ()  # shown late, or not at all
    found = {*_headline(title), *_degree([*text, *caption])}
    if _names(old.authors) != _names(new.authors) and old.authors and new.authors:
        found.add(Kind.MINOR)
    if any(_is_note(change) for change in (*title, *text)):
        found.add(Kind.CORRECTION)
    passages = (*title, *text, *caption)
    return Edit(tuple(_strongest(found)), passages) if found else None


def doubt(old: Article, new: Article) -> str:
    """Return why a new version may be a bad extraction rather than an edit, or ''."""
    before, after = tokens(old.body), tokens(new.body)
    if len(after) < len(before) * HALF:
        return f"{len(after)} of {len(before)} words are left"
    pairs, others = Counter(pairwise(before)), Counter(pairwise(after))
    stayed = (pairs & others).total()
    return f"{stayed} of {pairs.total()} pairs of words are still there" if stayed < pairs.total() * SAME_TEXT else ""


def spelling_key(text: str, hamza: Mapping[int, str | None] = HAMZA) -> str:
    """Return what two spellings of the same words share, where they differ in hamza in one of two ways."""
    return fold(text.translate(WESTERN)).replace("مائ", "مئ").translate(hamza)


def _headline(title: Iterable[Change]) -> Iterator[Kind]:
    for one in title:
        if _is_spelling(one):
            yield Kind.SPELLING
        else:
            bare = Change(LABEL.sub("", one.before), LABEL.sub("", one.after))
            yield Kind.MINOR if _is_spelling(bare) else Kind.HEADLINE


def _degree(passages: list[Change]) -> Iterator[Kind]:
    others = [one for one in passages if not _is_spelling(one)]
    if others:
        yield Kind.MINOR if _is_moved(others) or _is_minor(others) else Kind.SUBSTANTIVE
    elif passages:
        yield Kind.SPELLING


def _is_spelling(change: Change) -> bool:
    return any(_key(change.before, way) == _key(change.after, way) for way in (HAMZA, SEATS))


def _is_moved(passages: Iterable[Change]) -> bool:
    """Return whether sentences only changed places."""
    before, after = zip(*((one.before, one.after) for one in passages), strict=True)
    return _keys(before) == _keys(after)


def _keys(texts: Iterable[str]) -> Counter[tuple[str, ...]]:
    return Counter(_key(sentence) for text in texts for sentence in sentences(text))


def _key(text: str, hamza: Mapping[int, str | None] = HAMZA) -> tuple[str, ...]:
    return spelling_key(text, hamza), *numbers(text)  # without spaces «2-1» is «21»


def _is_minor(passages: Iterable[Change]) -> bool:
    """Return whether only spellings, particles, and a word or two that came or went, differ."""
    moved = 0
    for passage in passages:
        old, new = tokens(passage.before), tokens(passage.after)
        if facts(old) != facts(new) or max(len(old), len(new)) > MOST_WORDS:
            return False
        for what, a, b, c, d in opcodes(old, new):
            if what == "replace" and not are_alike(old[a:b], new[c:d]):
                return False
            moved += max(b - a, d - c) if what in {"insert", "delete"} else 0
    return moved <= ADDED


def _is_note(change: Change) -> bool:
    before = {fold(one) for one in sentences(change.before)}
    return any(CORRECTION.search(MARKS.sub("", one)) and fold(one) not in before for one in sentences(change.after))


def _names(authors: Iterable[str]) -> set[str]:
    return {spelling_key(name) for name in authors}


def _strongest(found: set[Kind]) -> Iterator[Kind]:
    """Yield kinds in their order; of the degrees only the highest."""
    degrees = [kind for kind in (Kind.SUBSTANTIVE, Kind.MINOR, Kind.SPELLING) if kind in found]
    yield from (kind for kind in (Kind.CORRECTION, Kind.HEADLINE) if kind in found)
    yield from (
        degrees[:1]
        if not {Kind.CORRECTION, Kind.HEADLINE} & found
        else [kind for kind in degrees[:1] if kind is Kind.SUBSTANTIVE]
    )
