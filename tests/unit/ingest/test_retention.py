"""What may go, and when."""

from datetime import UTC, datetime, timedelta

import pytest

from ingest.retention import DAY, Keep, is_leftover, month_may_go, page_of, pressed

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
ID = "0123456789abcdef" * 2


def test_pages_are_kept_for_a_month_and_everything_else_for_ever() -> None:
    assert Keep().before("pages", NOW) == NOW - timedelta(days=30)
    assert {Keep().before(kind, NOW) for kind in ("articles", "ledger", "tallies", "revisions", "stories")} == {None}
    assert Keep(pages=0).before("pages", NOW) is None


def test_what_reports_need_cannot_be_dropped_within_a_week() -> None:
    assert "ledger" in Keep(ledger=6).problem()
    assert Keep(ledger=7, pages=1).problem() == ""


@pytest.mark.parametrize(("ledger", "pages", "fits"), [(30, 30, True), (29, 30, False), (365, 0, False), (0, 0, True)])
def test_a_record_tells_its_address_as_long_as_it_may_have_a_page(ledger: int, pages: int, *, fits: bool) -> None:
    assert (Keep(ledger=ledger, pages=pages).problem() == "") == fits


@pytest.mark.parametrize(
    ("name", "key"),
    [
        (f"{ID}.warc.gz", ID),
        (f"{ID}.look.warc.gz", ID),
        (f"{ID}.3.warc.gz", ID),
        (f"{ID}.warc.gz.{ID}.part", None),
        ("notes.txt", None),
        (f"{ID}.gz", None),
    ],
)
def test_a_page_is_told_by_its_name(name: str, key: str | None) -> None:
    assert page_of(name) == key


def test_a_part_of_a_day_ago_was_left_by_a_killed_writer() -> None:
    assert is_leftover("x.part", NOW - DAY - timedelta(seconds=1), NOW)
    assert not is_leftover("x.part", NOW - DAY, NOW)
    assert not is_leftover("x.warc.gz", NOW - 2 * DAY, NOW)


@pytest.mark.parametrize(
    ("needed", "age"), [(1, 20), (100, 20), (101, 9), (150, 9), (151, 1), (10_000, 1)], ids="needs {}".format
)
def test_under_pressure_the_oldest_pages_go_as_far_as_is_needed(needed: int, age: int) -> None:
    assert pressed({0: 500, 1: 10, 9: 50, 20: 100}, needed) == age


@pytest.mark.parametrize(
    ("month", "before", "goes"),
    [
        ("2026.10", datetime(2026, 11, 1, tzinfo=UTC), True),
        ("2026.10", datetime(2026, 10, 31, 23, 59, tzinfo=UTC), False),
        ("2025.12", datetime(2026, 1, 1, tzinfo=UTC), True),
        ("2025.12", datetime(2025, 12, 31, tzinfo=UTC), False),
    ],
)
def test_a_month_goes_when_its_last_day_is_old_enough(month: str, before: datetime, goes: bool) -> None:  # noqa: FBT001  # a case
    assert month_may_go(month, before) is goes
