"""Times in words: «قبل ١٢ دقيقة», the day with its month, and the same day in the Hijri calendar."""

from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from hijridate import Gregorian

from ingest.desk.bars import Step
from ingest.desk.numbers import Digits, Language, counted, in_digits

MONTHS: Final = {
    "ar": [
        "يناير",
        "فبراير",
        "مارس",
        "أبريل",
        "مايو",
        "يونيو",
        "يوليو",
        "أغسطس",
        "سبتمبر",
        "أكتوبر",
        "نوفمبر",
        "ديسمبر",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
DAYS: Final = {
    "ar": ["الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}
HIJRI: Final = {
    "ar": [
        *("محرم", "صفر", "ربيع الأول", "ربيع الآخر", "جمادى الأولى", "جمادى الآخرة"),
        *("رجب", "شعبان", "رمضان", "شوال", "ذو القعدة", "ذو الحجة"),
    ],
    "en": [
        *("Muharram", "Safar", "Rabi I", "Rabi II", "Jumada I", "Jumada II"),
        *("Rajab", "Sha'ban", "Ramadan", "Shawwal", "Dhu al-Qa'da", "Dhu al-Hijja"),
    ],
}
MINUTES: Final = {
    "ar": ("الآن", "قبل دقيقة", "قبل دقيقتين", "قبل {n} دقائق", "قبل {n} دقيقة", "قبل {n} دقيقة"),
    "en": ("{n} minute ago", "{n} minutes ago"),
}
HOURS: Final = {
    "ar": ("الآن", "قبل ساعة", "قبل ساعتين", "قبل {n} ساعات", "قبل {n} ساعة", "قبل {n} ساعة"),
    "en": ("{n} hour ago", "{n} hours ago"),
}
SOON: Final = {
    "ar": ("بعد قليل", "بعد دقيقة", "بعد دقيقتين", "بعد {n} دقائق", "بعد {n} دقيقة", "بعد {n} دقيقة"),
    "en": ("in {n} minute", "in {n} minutes"),
}
LATER: Final = {
    "ar": ("بعد قليل", "بعد ساعة", "بعد ساعتين", "بعد {n} ساعات", "بعد {n} ساعة", "بعد {n} ساعة"),
    "en": ("in {n} hour", "in {n} hours"),
}
NEAR: Final = timedelta(hours=12)
NOW: Final = {"ar": "الآن", "en": "now"}
YESTERDAY: Final = {"ar": "أمس {time}", "en": "yesterday {time}"}
ERA: Final = {"ar": "{day} {month} {year} هـ", "en": "{day} {month} {year} AH"}


def ago(at: datetime, now: datetime, zone: tzinfo, language: Language, digits: Digits) -> str:
    """Return how long ago something was, or how far off it is; beyond half a day, the day."""
    passed, local, today = now - at, at.astimezone(zone), now.astimezone(zone).date()
    if abs(passed) < timedelta(minutes=1):
        return NOW[language]
    if abs(passed) < NEAR:
        minutes, hours = (MINUTES, HOURS) if passed > timedelta() else (SOON, LATER)
        spent = int(abs(passed).total_seconds() // 60)
        number, forms = (spent, minutes) if spent < 60 else (spent // 60, hours)  # noqa: PLR2004  # minutes of an hour
        return counted(number, forms[language], language, digits)
    if local.date() == today - timedelta(days=1):
        return in_digits(YESTERDAY[language].format(time=f"{local:%H:%M}"), digits)
    words = day(local.date(), language, digits, year=local.year != today.year)
    return words if passed >= timedelta() and local.date() != today else in_digits(f"{words} {local:%H:%M}", digits)


def day(one: date, language: Language, digits: Digits, *, year: bool = True) -> str:
    """Return a day in words: «٢٣ نوفمبر ٢٠٢٦»."""
    words = f"{one.day} {MONTHS[language][one.month - 1]}{f' {one.year}' if year else ''}"
    return in_digits(words, digits)


def named(step: Step, at: datetime, language: Language, digits: Digits) -> str:
    """Return what a bar of a histogram is called: an hour, a day, a month or a year."""
    month = MONTHS[language][at.month - 1]
    words = {
        "hour": f"{day(at.date(), language, 'latn', year=False)} {at:%H:%M}",
        "day": day(at.date(), language, "latn"),
        "month": f"{month} {at.year}",
        "year": f"{at.year}",
    }
    return in_digits(words[step], digits)


def hijri(one: date, language: Language, digits: Digits) -> str:
    """Return a day in the calendar of Umm al-Qura, '' where that is not known (before 1924, after 2077)."""
    try:
        found = Gregorian(one.year, one.month, one.day).to_hijri()
    except (OverflowError, ValueError):
        return ""
    month = HIJRI[language][found.month - 1]
    return in_digits(ERA[language].format(day=found.day, month=month, year=found.year), digits)


def exact(at: datetime, zone: tzinfo, language: Language, digits: Digits, *, dated: bool = False) -> str:
    """Return a time in full: weekday, day, Hijri day, and, unless only the day is known, time and zone."""
    local = at.astimezone(zone)
    comma, clock = "، " if language == "ar" else ", ", in_digits(f"{local:%H:%M}", digits)
    other = hijri(local.date(), language, digits)
    shown = f"{day(local.date(), language, digits)}{f' ({other})' if other else ''}"
    parts = [DAYS[language][local.weekday()], shown]
    return comma.join(parts if dated else [*parts, f"{clock} {local.tzname() or ''}".strip()])
