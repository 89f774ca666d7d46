"""Times, numbers and spans as people read and write them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ingest.desk import when
from ingest.desk.bars import Unit, bars, fits, units
from ingest.desk.numbers import Digits, Language, counted, written
from ingest.desk.span import Span, span
from ingest.errors import Permanent

CAIRO = ZoneInfo("Africa/Cairo")
NOW = datetime(2026, 11, 27, 12, 0, 40, tzinfo=UTC)
FORMS = ("لا أخبار", "خبر واحد", "خبران", "{n} أخبار", "{n} خبرًا", "{n} خبر")


@pytest.mark.parametrize(
    ("seconds", "language", "digits", "expected"),
    [
        (20, "ar", "latn", "الآن"),
        (60, "ar", "latn", "قبل دقيقة"),
        (150, "ar", "latn", "قبل دقيقتين"),
        (12 * 60, "ar", "arab", "قبل ١٢ دقيقة"),
        (3 * 3600, "ar", "latn", "قبل 3 ساعات"),
        (3600, "en", "latn", "1 hour ago"),
        (17 * 3600, "ar", "latn", "أمس 21:00"),
        (5 * 86_400, "ar", "latn", "22 نوفمبر"),
        (400 * 86_400, "ar", "arab", "٢٣ أكتوبر ٢٠٢٥"),
        (-3600, "ar", "latn", "بعد ساعة"),
        (-150, "en", "latn", "in 2 minutes"),
        (-20 * 3600, "ar", "latn", "28 نوفمبر 10:00"),
    ],
)
def test_how_long_ago(seconds: int, language: Language, digits: Digits, expected: str) -> None:
    assert when.ago(NOW - timedelta(seconds=seconds), NOW, CAIRO, language, digits) == expected


def test_the_exact_time_has_both_calendars() -> None:
    assert when.exact(NOW, CAIRO, "ar", "latn") == "الجمعة، 27 نوفمبر 2026 (17 جمادى الآخرة 1448 هـ)، 14:00 EET"
    assert when.exact(NOW, CAIRO, "en", "latn") == "Friday, 27 November 2026 (17 Jumada II 1448 AH), 14:00 EET"


@pytest.mark.parametrize("year", [1850, 2090])
def test_a_day_beyond_the_table_of_umm_al_qura_has_no_hijri_date(year: int) -> None:
    assert when.hijri(date(year, 1, 1), "ar", "latn") == ""


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        *((0, "لا أخبار"), (1, "خبر واحد"), (2, "خبران"), (3, "٣ أخبار"), (11, "١١ خبرًا"), (99, "٩٩ خبرًا")),
        *((100, "١٠٠ خبر"), (103, "١٠٣ أخبار"), (1102, "١٬١٠٢ خبر")),
    ],
)
def test_a_noun_has_the_form_that_its_number_asks_for(number: int, expected: str) -> None:
    assert counted(number, FORMS, "ar", "arab") == expected


def test_separators_of_thousands() -> None:
    assert (written(1234567, "latn"), written(1234567, "arab")) == ("1,234,567", "١٬٢٣٤٬٥٦٧")


def test_a_span_of_days_holds_its_last_day_and_may_be_turned_around() -> None:
    expected = Span(datetime(2026, 7, 1, tzinfo=CAIRO), datetime(2026, 8, 1, tzinfo=CAIRO))
    assert span("2026-07-01", "2026-07-31", NOW, CAIRO) == expected
    assert span("2026-07-31", "2026-07-01", NOW, CAIRO) == expected


def test_how_long_ago_is_the_same_for_a_minute() -> None:
    assert span("7d", "", NOW, CAIRO).start == datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-02-30", "soon", "9999-12-31", "2026-", "-"])
def test_what_is_no_date_is_said_to_be_none(text: str) -> None:
    with pytest.raises(Permanent) as error:
        span(text, "", NOW, CAIRO)
    assert error.value.reason == "bad_date"


def hour(day: int, at: int = 0) -> datetime:
    return datetime(2026, 11, day, at, tzinfo=CAIRO)


def test_bars_have_no_gaps_and_say_which_span_they_are() -> None:
    found = bars({"day": [(hour(2), 5), (hour(4), 1)], "month": [(hour(1), 6)]}, CAIRO)
    assert found.step == "day"
    assert [(bar.since, bar.until, bar.articles) for bar in found.bars] == [
        ("2026-11-02", "2026-11-02", 5),
        ("2026-11-03", "2026-11-03", 0),
        ("2026-11-04", "2026-11-04", 1),
    ]


def test_a_year_of_days_is_shown_by_months_and_a_century_by_its_last_years() -> None:
    long = [(datetime(2025, 1, 1, tzinfo=CAIRO), 1), (datetime(2026, 3, 1, tzinfo=CAIRO), 2)]
    found = bars({"day": long, "month": long}, CAIRO)
    assert (found.step, len(found.bars), found.bars[-1].until) == ("month", 15, "2026-03-31")
    ages = [(datetime(1900, 1, 1, tzinfo=CAIRO), 1), (datetime(2026, 3, 1, tzinfo=CAIRO), 2)]
    found = bars({"day": ages, "month": ages}, CAIRO)
    assert (found.step, len(found.bars), found.bars[-1].articles) == ("year", 72, 2)


@pytest.mark.parametrize(
    ("days", "expected"), [(1, ("hour",)), (30, ("day",)), (400, ("day", "month")), (None, ("day", "month"))]
)
def test_a_span_is_counted_by_what_fits_it(days: int | None, expected: tuple[Unit, ...]) -> None:
    assert units(Span(NOW, NOW + timedelta(days=days)) if days else Span(NOW)) == expected


def test_too_many_days_are_not_even_read() -> None:
    assert [fits("day", 72), fits("day", 1000), fits("hour", 1000), fits("month", 1000)] == [True, False, False, True]


def test_hours_across_a_change_of_the_clock() -> None:
    found = bars({"hour": [(hour(26, 22), 1), (hour(27, 1), 3)]}, CAIRO)
    assert [bar.since[8:] for bar in found.bars] == ["26T22:00", "26T23:00", "27T00:00", "27T01:00"]
