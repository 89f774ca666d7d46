"""The words of dates, folded as `ingest.dates` folds a text: one spelling for each letter, no marks, lower case."""

from typing import Final, TypeVar

T = TypeVar("T")

MONTHS: Final = (
    "يناير|كانون الثاني|كانون ثاني|كانون ?2|جانفي|january|jan",
    "فبراير|شباط|فيفري|february|feb",
    "مارس|اذار|march|mar",
    "ابريل|نيسان|افريل|april|apr",
    "مايو|ايار|ماي|may",
    "يونيو|يونيه|حزيران|جوان|june|jun",
    "يوليو|يوليه|تموز|جويليه|يوليوز|july|jul",
    "اغسطس|اب|اوت|غشت|اغشت|august|aug",
    "سبتمبر|ايلول|شتنبر|شتمبر|september|sept|sep",
    "اكتوبر|اوكتوبر|تشرين الاول|تشرين اول|تشرين ?1|october|oct",
    "نوفمبر|تشرين الثاني|تشرين ثاني|تشرين ?2|نونبر|november|nov",
    "ديسمبر|كانون الاول|كانون اول|كانون ?1|دجنبر|دجمبر|december|dec",
)
"""January to December, folded: Gulf and Egypt, Levant, Tunisia and Algeria, Morocco, Mauritania (CLDR's ar-*)."""
WEEKDAYS: Final = ("الاثنين", "الثلاثاء", "الاربعاء", "الخميس", "الجمعه", "السبت", "الاحد")


def _table(rows: tuple[tuple[str, T], ...]) -> dict[str, T]:
    return {word: value for words, value in rows for word in words.split("|")}


ZONES: Final = _table(
    (
        ("z|utc|gmt|غرينتش|غرينيتش|جرينتش|جرينيتش", "UTC"),
        ("ast|ksa|مكه|السعوديه|الرياض", "Asia/Riyadh"),
        ("gst|الامارات|ابوظبي|دبي", "Asia/Dubai"),
        ("القاهره|مصر", "Africa/Cairo"),
        ("القدس|فلسطين", "Asia/Jerusalem"),
        ("بيروت", "Asia/Beirut"),
        ("بغداد", "Asia/Baghdad"),
        ("تونس", "Africa/Tunis"),
        ("الجزائر", "Africa/Algiers"),
        ("wet", "+0000"),
        ("cet|bst", "+0100"),
        ("eet|cest", "+0200"),
        ("eest", "+0300"),
        ("edt", "-0400"),
        ("est|cdt", "-0500"),
        ("cst|mdt", "-0600"),
        ("mst|pdt", "-0700"),
        ("pst", "-0800"),
    )
)
"""What pages and RFC 822 call zones. AST is Arabia's here, not the Atlantic's."""
HALVES: Final = _table((("ص|صباحا|فجرا|am", 0), ("ظهرا", 10), ("م|مساء|مساءا|عصرا|بعد الظهر|pm", 12), ("ليلا", 18)))
"""The hour at which the twelve begin that a word means: «10 ظهرا» to 21, «6 ليلا» to 5 in the morning."""
DAY_S: Final = 86400
UNITS: Final = _table(
    (
        ("لحظات|لحظه", 0),
        ("ثانيه|ثوان|ثواني", 1),
        ("دقيقه|دقائق", 60),
        ("دقيقتين", 120),
        ("ساعه|ساعات", 3600),
        ("ساعتين", 7200),
        ("يوم|يوما|ايام", DAY_S),
        ("يومين", 2 * DAY_S),
    )
)
"""Seconds. No weeks, months or years: «منذ أسبوع» may be any of seven days."""
DAYS_AGO: Final = {"اليوم": 0, "امس": 1, "البارحه": 1, "اول امس": 2}
