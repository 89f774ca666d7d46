"""When an article is looked at again, and when it is gone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ingest.ledger.revisit import GIVE_UP, LATER, SECOND_LOOK, Revisit, again, missing, next_look, sooner, unused

START = datetime(2026, 7, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
PLAN = Revisit(hours=(1, 6, 24, 168))


@pytest.mark.parametrize(
    ("age", "at"), [(0, 1), (0.99, 1), (1, 6), (1.1, 6), (7, 24), (30, 168), (168, None), (900, None)]
)
def test_the_next_look_is_at_the_next_age_and_none_is_made_up_for(age: float, at: int | None) -> None:
    due_at = next_look(PLAN, START, START + age * HOUR).due_at
    assert due_at == (START + at * HOUR if at else None)


def test_a_source_without_ages_has_no_looks() -> None:
    assert next_look(Revisit(), START, START).due_at is None


def test_what_has_changed_is_looked_at_sooner_and_no_oftener() -> None:
    known, now, ages = next_look(PLAN, START, START), START, []
    while known.due_at:
        now = known.due_at
        ages.append((now - START) / HOUR)
        known = sooner(next_look(known, START, now), now)
    assert ages == [1, 3.5, 13.75, 90.875]
    assert sooner(next_look(PLAN, START, START + 200 * HOUR), START + 200 * HOUR).due_at is None


@pytest.mark.parametrize(
    ("after", "good", "bad", "gone"),
    [
        (SECOND_LOOK, 3, 0, True),
        (SECOND_LOOK, 3, 2, True),
        (SECOND_LOOK, 2, 2, True),
        (SECOND_LOOK, 2, 3, False),
        (SECOND_LOOK, 0, 0, False),
        (SECOND_LOOK, 0, 9, False),
        (SECOND_LOOK - timedelta(seconds=1), 9, 0, False),
    ],
)
def test_gone_is_what_two_looks_missed_while_its_site_answers(
    after: timedelta,
    good: int,
    bad: int,
    gone: bool,  # noqa: FBT001  # a table
) -> None:
    first = missing(PLAN, START, START + HOUR, good=9, bad=0)
    assert (first.gone_at, first.due_at) == (None, START + HOUR + SECOND_LOOK)
    now = START + HOUR + after
    second = missing(first, START, now, good=good, bad=bad)
    assert second.gone_at == (now if gone else None)
    assert second.missing_at == START + HOUR
    assert second.due_at is not None


def test_a_site_that_never_answers_is_asked_at_the_usual_ages_then_now_and_then_and_then_no_more() -> None:
    known, now, ages = PLAN, START + HOUR, []
    while (known := missing(known, START, now, good=0, bad=5)).due_at:
        now = known.due_at
        ages.append((now - START) / HOUR)
    assert ages == [6, 24, 168, 180]
    assert now - START > GIVE_UP
    assert known.gone_at is None


@pytest.mark.parametrize("age", [1, 169])
def test_what_is_gone_is_looked_at_half_a_day_and_a_week_later(age: int) -> None:
    now = START + age * HOUR
    known = missing(replace(PLAN, missing_at=START), START, now, good=3, bad=0)
    assert (known.gone_at, known.due_at) == (now, now + LATER)
    known = missing(known, START, now + LATER, good=0, bad=3)
    assert (known.gone_at, known.due_at) == (now, now + GIVE_UP)
    assert missing(known, START, now + GIVE_UP, good=3, bad=0).due_at is None


def test_a_fetch_for_another_reason_costs_no_look() -> None:
    planned = next_look(PLAN, START, START)
    assert next_look(unused(planned), START, START + HOUR / 6).due_at == START + HOUR
    assert unused(PLAN) == PLAN


def test_a_second_look_costs_no_usual_one() -> None:
    known = again(next_look(PLAN, START, START), START + HOUR)
    assert known.due_at == START + HOUR + SECOND_LOOK
    assert next_look(known, START, known.due_at).due_at == START + 6 * HOUR
