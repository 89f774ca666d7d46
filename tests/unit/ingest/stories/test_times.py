from datetime import timedelta, timezone

import pytest

from ingest.stories.times import first_known
from tests.unit.ingest.stories.texts import NOON

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("before", "precision", "gap_s", "believed"),
    [
        (HOUR, "minute", 600, True),
        (HOUR, "second", 600, True),
        (HOUR, "day", 600, False),
        (HOUR, "", 600, False),
        (-HOUR, "minute", 600, False),
        (7 * HOUR, "minute", 600, False),
        (7 * HOUR, "minute", 3 * 3600, True),
        (7 * HOUR, "minute", None, True),
    ],
)
def test_a_page_is_believed_where_its_source_allows_it(
    before: timedelta, precision: str, gap_s: float | None, *, believed: bool
) -> None:
    assert first_known(NOON - before, precision, NOON, gap_s) == (NOON - before if believed else NOON)


def test_without_a_time_it_is_the_admission() -> None:
    assert first_known(None, "minute", NOON, 600) == NOON


def test_midnight_is_a_day_without_a_time() -> None:
    zone = timezone(timedelta(hours=3))
    midnight = NOON.astimezone(zone).replace(hour=0)
    early = midnight + 4 * HOUR
    assert first_known(midnight, "second", early, 600) == early
    assert first_known(midnight, "second", early, None) == midnight
    assert first_known(midnight + timedelta(seconds=1), "second", early, 600) < early
