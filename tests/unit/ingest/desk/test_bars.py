"""The histogram where the clocks are changed."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from ingest.desk.bars import bars

CAIRO = ZoneInfo("Africa/Cairo")


def test_a_day_without_a_midnight_has_its_bar() -> None:
    """On the last Friday of April 2026 Cairo's clocks go from 23:59 to 01:00."""
    times = ("2026-04-23T00:00+02:00", "2026-04-24T01:00+03:00", "2026-04-25T00:00+03:00")
    made = bars({"day": [(datetime.fromisoformat(text), 5) for text in times]}, CAIRO)
    assert [(bar.since, bar.articles) for bar in made.bars] == [("2026-04-23", 5), ("2026-04-24", 5), ("2026-04-25", 5)]


def test_an_hour_that_comes_twice_is_one_bar() -> None:
    """On the last Thursday of October 2026 the hour before midnight comes twice."""
    hours = [(datetime(2026, 10, 29, hour, tzinfo=UTC), 1) for hour in (19, 20, 21, 22)]
    made = bars({"hour": hours}, CAIRO)
    assert [(bar.since[11:], bar.articles) for bar in made.bars] == [("22:00", 1), ("23:00", 2), ("00:00", 1)]
