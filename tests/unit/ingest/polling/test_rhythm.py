"""When a source is asked next: made-up months of publishing, and the sums behind."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from ingest.polling.rhythm import PATIENCE, Rhythm, next_at, watched

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
LEAST_S = 600.0


@cache
def living(gap: timedelta, days: float = 30, awake: range = range(24), window: int = 50) -> tuple[Rhythm, datetime]:
    """Return the rhythm of a source with an entry every `gap` while awake, listed every half hour, and the time."""
    rhythm, now, at = Rhythm(), MONDAY - timedelta(days=days), MONDAY - timedelta(days=days)
    while now < MONDAY:
        now += timedelta(minutes=30)
        published = []
        while at <= now:
            published += [at] if at.hour in awake else []
            at += gap
        rhythm = watched(rhythm, published, now)
    return replace(rhythm, window=window), now


def pause(rhythm: Rhythm, now: datetime, jitter: float = 0.5) -> float:
    return (next_at(rhythm, LEAST_S, now, jitter) - now).total_seconds()


@pytest.mark.parametrize("gap", [timedelta(minutes=20), timedelta(hours=1), timedelta(hours=5, minutes=17)])
def test_an_even_source_is_asked_by_the_root_of_its_gap(gap: timedelta) -> None:
    rhythm, now = living(gap)
    assert rhythm.gap_s == pytest.approx(gap.total_seconds(), rel=0.1)
    assert pause(rhythm, now) == pytest.approx(PATIENCE * (LEAST_S * gap.total_seconds()) ** 0.5, rel=0.15)


def test_no_source_is_asked_sooner_than_it_may_or_later_than_in_a_day() -> None:
    busy, now = living(timedelta(seconds=20), days=3)
    assert pause(busy, now) == LEAST_S
    dead, now = living(timedelta(days=400), days=60)
    assert 6 * 3600 < pause(dead, now) <= 1.1 * 86_400


def test_a_short_listing_is_asked_before_half_of_it_is_new() -> None:
    rhythm, now = living(timedelta(minutes=10), window=50)
    assert pause(replace(rhythm, window=2), now) < pause(rhythm, now)
    assert pause(replace(rhythm, window=2), now) == pytest.approx(LEAST_S, rel=0.15)
    assert pause(replace(rhythm, window=0), now) == pause(rhythm, now), "an empty listing bounds nothing"


def test_a_source_is_asked_less_in_its_night() -> None:
    rhythm, _ = living(timedelta(minutes=15), awake=range(6, 20))
    noon, night = pause(rhythm, MONDAY.replace(hour=12)), pause(rhythm, MONDAY.replace(hour=23))
    assert night > 3 * noon


def test_the_first_listing_teaches_the_rhythm() -> None:
    hourly = [MONDAY - timedelta(hours=hour) for hour in range(48)]
    rhythm = watched(Rhythm(), hourly, MONDAY)
    assert rhythm.gap_s == pytest.approx(3600, rel=0.1)
    assert rhythm.newest_at == MONDAY
    old = watched(Rhythm(), [MONDAY - timedelta(days=300)], MONDAY)
    assert old.newest_at is None, "what is older than two weeks says nothing of today"


def test_nothing_known_is_an_entry_an_hour() -> None:
    assert Rhythm().gap_s == pytest.approx(3600)
    assert watched(Rhythm(), [], MONDAY).gap_s == pytest.approx(3600)


@pytest.mark.parametrize(("jitter", "factor"), [(0.0, 0.9), (0.5, 1.0), (1.0, 1.1)])
def test_chance_spreads_what_was_added_together(jitter: float, factor: float) -> None:
    rhythm, now = living(timedelta(hours=1))
    assert pause(rhythm, now, jitter) == pytest.approx(factor * pause(rhythm, now))


def test_what_the_feed_asks_for_is_obeyed_up_to_a_day() -> None:
    rhythm, now = living(timedelta(minutes=10))
    assert pause(replace(rhythm, hint_s=7200), now, 0.0) == 7200
    assert pause(replace(rhythm, hint_s=10**8), now, 0.0) == 86_400


def test_a_feed_is_not_asked_while_it_sleeps() -> None:
    rhythm, _ = living(timedelta(hours=1))
    evening = MONDAY.replace(hour=21, minute=50)
    assert next_at(replace(rhythm, skip_hours=(22, 23, 0)), LEAST_S, evening, 0.5) == MONDAY + timedelta(hours=25)
    assert next_at(replace(rhythm, skip_days=("monday", "tuesday")), LEAST_S, evening, 0.5) == MONDAY + timedelta(
        days=2
    )
    never = replace(rhythm, skip_hours=tuple(range(24)))
    assert pause(never, evening) < 86_400, "a feed that always sleeps is asked all the same"


def test_a_source_is_quiet_against_its_own_rhythm_until_it_speaks() -> None:
    rhythm, now = living(timedelta(hours=1))
    for days, quiet in ((1, False), (1, False), (1, True), (30, True), (90, True)):
        now += timedelta(days=days)
        rhythm = watched(rhythm, [], now)
        assert rhythm.quiet is quiet, days
    assert rhythm.usual_s == pytest.approx(3600, rel=0.1), "what was usual before, however long it has been silent"
    assert not watched(rhythm, [now], now).quiet
    weekly, now = living(timedelta(days=7), days=60)
    assert not watched(weekly, [], now + timedelta(days=14)).quiet
    assert watched(weekly, [], now + timedelta(days=22)).quiet
    assert not watched(Rhythm(), [], MONDAY).quiet


def test_a_date_ahead_counts_as_now() -> None:
    assert watched(Rhythm(), [MONDAY + timedelta(days=9)], MONDAY).newest_at == MONDAY


@pytest.mark.parametrize("ahead", [timedelta(hours=3), timedelta(days=365), timedelta(days=73 * 365)])
def test_a_clock_that_was_ahead_spoils_nothing_once_it_is_set_back(ahead: timedelta) -> None:
    before, now = living(timedelta(minutes=30))
    rhythm = watched(before, [now + ahead], now + ahead)
    for _ in range(48):
        now += timedelta(minutes=30)
        rhythm = watched(rhythm, [now], now)
    assert rhythm.gap_s < 12 * before.gap_s, "a jump of years counts as two weeks without news, which fade"
    assert rhythm.until == rhythm.newest_at == now
