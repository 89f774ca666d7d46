"""What `--since` understands."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from ingest.errors import Permanent
from ingest.since import since

NOW = datetime(2026, 7, 15, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("today", datetime(2026, 7, 15, tzinfo=UTC)),
        ("Yesterday", datetime(2026, 7, 14, tzinfo=UTC)),
        ("اليوم", datetime(2026, 7, 15, tzinfo=UTC)),
        ("أمس", datetime(2026, 7, 14, tzinfo=UTC)),
        ("امس", datetime(2026, 7, 14, tzinfo=UTC)),
        (" البارحة ", datetime(2026, 7, 14, tzinfo=UTC)),
        ("90m", NOW - timedelta(minutes=90)),
        ("12h", NOW - timedelta(hours=12)),
        ("7d", NOW - timedelta(days=7)),
        ("2w", NOW - timedelta(days=14)),
        ("1M", NOW - timedelta(days=30)),
        ("1y", NOW - timedelta(days=365)),
        ("2026-07-01", datetime(2026, 7, 1, tzinfo=UTC)),
        ("2026-07-01T10:00", datetime(2026, 7, 1, 10, tzinfo=UTC)),
        ("2026-07-01 10:00:05", datetime(2026, 7, 1, 10, 0, 5, tzinfo=UTC)),
        ("2026-07-01T10:00Z", datetime(2026, 7, 1, 10, tzinfo=UTC)),
        ("2026-07-01T10:00:00+03:00", datetime(2026, 7, 1, 7, tzinfo=UTC)),
        ("2026-07-01T10:00:00.250000+00:00", datetime(2026, 7, 1, 10, 0, 0, 250_000, tzinfo=UTC)),
    ],
)
def test_what_it_means(text: str, moment: datetime) -> None:
    assert since(text, NOW) == moment


def test_a_day_begins_at_midnight_of_utc() -> None:
    late = datetime(2026, 7, 15, 1, 30, tzinfo=timezone(timedelta(hours=3)))
    assert since("today", late) == datetime(2026, 7, 14, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "7", "d", "2026", "now-7d", "2026-7-1", "2026-02-30", "99999y", "غدا", "7 d"])
def test_a_strange_one_is_refused(text: str) -> None:
    with pytest.raises(Permanent, match="bad_date"):
        since(text, NOW)
