"""The words of dates, and `fold`, the form they are compared in: one spelling a letter, no marks, lower case."""

import re
import unicodedata
from typing import Final, TypeVar

T = TypeVar("T")

MONTHS: Final = (
    "يناير|كانون الثاني|كانون ثاني|كانون ثان|كانون ?2|ك ?2|جانفي|january|jan|janvier",
    "فبراير|شباط|فيفري|february|feb|février|fevrier",
    "مارس|اذار|march|mar|mars",
    "ابريل|نيسان|افريل|april|apr|avril",
    "مايو|ايار|ماي|may|mai",
    "يونيو|يونيه|حزيران|جوان|june|jun|juin",
    "يوليو|يوليه|تموز|جويليه|يوليوز|july|jul|juillet",
    "اغسطس|اب|اوت|غشت|اغشت|august|aug|août|aout",
    "سبتمبر|ايلول|شتنبر|شتمبر|september|sept|sep|septembre",
    "اكتوبر|اوكتوبر|تشرين الاول|تشرين اول|تشرين ?1|ت ?1|october|oct|octobre",
    "نوفمبر|تشرين الثاني|تشرين ثاني|تشرين ثان|تشرين ?2|ت ?2|نونبر|november|nov|novembre",
    "ديسمبر|كانون الاول|كانون اول|كانون ?1|ك ?1|دجنبر|دجمبر|december|dec|décembre|decembre",
)
"""January to December: Gulf and Egypt, Levant, Tunisia and Algeria, Morocco, Mauritania (CLDR's ar-*), French."""
HIJRI_MONTHS: Final = (
    "محرم|المحرم",
    "صفر",
    "ربيع الاول|ربيع اول",
    "ربيع الاخر|ربيع الثاني|ربيع اخر|ربيع ثاني",
    "جماد[يا] الاول[يا]|جماد[يا] الاول",
    "جماد[يا] الاخر[هيا]|جماد[يا] الثاني[هيا]?|جماد[يا] الاخر",
    "رجب",
    "شعبان",
    "رمضان",
    "شوال",
    "ذو القعده|ذي القعده|ذوالقعده|ذيالقعده",
    "ذو الحجه|ذي الحجه|ذوالحجه|ذيالحجه",
)
"""Muharram to Dhu al-Hijja."""
EPITHETS: Final = "المبارك|المعظم|المكرم|الحرام|المحرم|الفرد|الخير"
"""What may follow a Hijri month's name, as «رمضان المبارك»."""
WEEKDAYS: Final = ("الاثنين", "الثلاثاء", "الاربعاء", "الخميس", "الجمعه", "السبت", "الاحد")
WEEKDAYS_EN: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _table(rows: tuple[tuple[str, T], ...]) -> dict[str, T]:
    return {word: value for words, value in rows for word in words.split("|")}


ORDINALS: Final = _table(
    (
        ("الاول", 1),
        ("الثاني", 2),
        ("الثالث", 3),
        ("الرابع", 4),
        ("الخامس", 5),
        ("السادس", 6),
        ("السابع", 7),
        ("الثامن", 8),
        ("التاسع", 9),
        ("العاشر", 10),
        ("الحادي عشر", 11),
        ("الثاني عشر", 12),
        ("الخامس عشر", 15),
        ("العشرين", 20),
        ("الثلاثين", 30),
    )
)
"""Days written out, as in «الأول من يوليو»."""
ZONES: Final = _table(
    (
        ("z|utc|ut|gmt|غرينتش|غرينيتش|جرينتش|جرينيتش|غرينوتش|ت غ|ت.غ|ت. غ|تغ", "UTC"),
        ("ast|ksa|مكه|السعوديه|الرياض", "Asia/Riyadh"),
        ("gst|الامارات|ابوظبي|ابو ظبي|دبي", "Asia/Dubai"),
        ("الدوحه|قطر", "Asia/Qatar"),
        ("الكويت", "Asia/Kuwait"),
        ("المنامه|البحرين", "Asia/Bahrain"),
        ("مسقط|سلطنه عمان", "Asia/Muscat"),
        ("صنعاء|عدن|اليمن", "Asia/Aden"),
        ("القاهره|مصر", "Africa/Cairo"),
        ("الخرطوم|السودان", "Africa/Khartoum"),
        ("طرابلس|ليبيا", "Africa/Tripoli"),
        ("القدس|فلسطين|غزه", "Asia/Jerusalem"),
        ("بيروت|لبنان", "Asia/Beirut"),
        ("دمشق|سوريا", "Asia/Damascus"),
        ("الاردن", "Asia/Amman"),
        ("بغداد|العراق", "Asia/Baghdad"),
        ("تونس", "Africa/Tunis"),
        ("الجزائر", "Africa/Algiers"),
        ("الرباط|المغرب|الدار البيضاء", "Africa/Casablanca"),
        ("نواكشوط|موريتانيا", "Africa/Nouakchott"),
        ("wet", "+0000"),
        ("cet|bst", "+0100"),
        ("eet|cest", "+0200"),
        ("eest|msk|trt", "+0300"),
        ("irst", "+0330"),
        ("pkt", "+0500"),
        ("edt", "-0400"),
        ("est|cdt", "-0500"),
        ("cst|mdt", "-0600"),
        ("mst|pdt", "-0700"),
        ("pst", "-0800"),
    )
)
"""What pages and RFC 822 call zones. AST is Arabia's here, not the Atlantic's; «عمان» alone may be Amman or Oman."""
HALVES: Final = _table(
    (
        ("ص|صباحا|فجرا|قبل الظهر|a.m.|a.m|am", 0),
        ("ظهرا", 10),
        ("م|مساء|مساءا|عصرا|بعد الظهر|p.m.|p.m|pm", 12),
        ("ليلا", 18),
    )
)
"""The first of the twelve hours that a word covers: «ظهرا» is 10 to 21, «ليلا» is 18 to 5 in the morning."""
DAY_S: Final = 86400
UNITS: Final = _table(
    (
        ("لحظات|لحظه", 0),
        ("ثانيه|ثوان|ثواني", 1),
        ("دقيقه|دقائق|دقايق", 60),
        ("دقيقتين|دقيقتان", 120),
        ("ربع ساعه|ربع", 900),
        ("نصف ساعه|نصف", 1800),
        ("ساعه|ساعات", 3600),
        ("ساعتين|ساعتان", 7200),
        ("يوم|يوما|ايام", DAY_S),
        ("يومين|يومان", 2 * DAY_S),
        ("اسبوع", 7 * DAY_S),
        ("اسبوعين|اسبوعان", 14 * DAY_S),
    )
)
"""In seconds. No months or years: they are too imprecise."""
COUNTS: Final = _table(
    (
        ("ثلاث|ثلاثه", 3),
        ("اربع|اربعه", 4),
        ("خمس|خمسه", 5),
        ("ست|سته", 6),
        ("سبع|سبعه", 7),
        ("ثماني|ثمانيه|ثمان", 8),
        ("تسع|تسعه", 9),
        ("عشر|عشره", 10),
    )
)
DAYS_AGO: Final = {"اليوم": 0, "امس": 1, "الامس": 1, "البارحه": 1, "اول امس": 2, "اول من امس": 2}

STRETCHED: Final = re.compile(r"(?<=\d)\s?ـ+\s?(?=\d)")
"""Tatweel used as a dash: «26ـ1ـ2022»."""
LETTERS: Final = str.maketrans("أإآٱىیکة،؛–—−|_", "ااااييكه,,--- -", "ـ")


def fold(text: str) -> str:
    """Return the text with one spelling for each letter, digit and dash, without marks, in lower case."""
    if "ـ" in text:
        text = STRETCHED.sub("-", text)
    plain = unicodedata.normalize("NFKC", text).translate(LETTERS).lower()
    if plain.isascii():
        return " ".join(plain.split())
    return " ".join(plain.translate(_PLAIN).split())


class _Plain(dict[int, str | None]):
    """What each character becomes, worked out when it is first met: `fold` reads every line of a page's head."""

    def __missing__(self, code: int) -> str | None:
        char = chr(code)
        dropped = unicodedata.category(char) in ("Mn", "Cf", "Cc") and not char.isspace()
        self[code] = None if dropped else str(unicodedata.digit(char)) if char.isdigit() else char
        return self[code]


_PLAIN: Final = _Plain()


def either(words: dict[str, T]) -> str:
    """Return a pattern of the words, the longest first."""
    return "|".join(word.replace(".", r"\.") for word in sorted(words, key=len, reverse=True))
