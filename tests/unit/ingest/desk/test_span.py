"""The span of a search."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from ingest.desk.asked import read
from ingest.desk.span import span

NOW = datetime(2026, 11, 27, 23, 30, tzinfo=UTC)
CAIRO = ZoneInfo("Africa/Cairo")


@pytest.mark.parametrize(
    ("since", "start"),
    [
        ("today", "2026-11-27T22:00+00:00"),
        ("أمس", "2026-11-26T22:00+00:00"),
        ("2026-11-28", "2026-11-27T22:00+00:00"),
        ("٢٠٢٦-١١-٢٨", "2026-11-27T22:00+00:00"),
        ("٢h", "2026-11-27T21:30+00:00"),
    ],
)
def test_a_day_begins_at_the_desk_whichever_way_it_is_named(since: str, start: str) -> None:
    asked = read([("from", since)])
    assert span(asked.since, asked.until, NOW, CAIRO).start == datetime.fromisoformat(start)
