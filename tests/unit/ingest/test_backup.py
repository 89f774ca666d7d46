"""Which snapshots are a backup, what comes next, and what may go."""

from datetime import UTC, datetime, timedelta

import pytest

from ingest.backup import PHASES, Backup, backups, begun, is_due, outdated, unfinished
from ingest.document import ARTICLE_INDICES, LEDGER, MAPPINGS, SOURCES, TALLIES, TOMBSTONES

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def whole(hours_ago: float) -> Backup:
    name = begun(NOW - hours_ago * HOUR).name
    return Backup(name, dict.fromkeys(range(len(PHASES)), "SUCCESS"))


def partly(hours_ago: float, *states: str) -> Backup:
    return Backup(begun(NOW - hours_ago * HOUR).name, dict(enumerate(states)))


def snapshots(*made: Backup) -> list[tuple[str, str]]:
    return [(f"{one.name}-{phase}", state) for one in made for phase, state in one.phases.items()]


def test_every_kind_of_index_is_in_one_phase() -> None:
    assert sorted(kind for phase in PHASES for kind in phase) == sorted(MAPPINGS)


def test_what_knows_less_is_taken_first() -> None:
    place = {kind: number for number, phase in enumerate(PHASES) for kind in phase}
    order = [place[kind] for kind in (SOURCES, LEDGER, ARTICLE_INDICES, TOMBSTONES)]
    assert order == sorted(set(order))
    assert place[TALLIES] < place[LEDGER]


def test_backups_are_put_together_from_their_snapshots() -> None:
    made = [whole(5), partly(1, "SUCCESS", "IN_PROGRESS")]
    others = [("somebody-elses", "SUCCESS"), ("warraq-x", "SUCCESS")]
    assert backups([*others, *reversed(snapshots(*made))]) == made
    assert made[0].at == NOW - 5 * HOUR
    assert made[0].snapshots[0] == "warraq-20261127-070000-0"


@pytest.mark.parametrize(
    ("states", "is_whole", "is_broken", "is_running"),
    [
        (("SUCCESS",) * len(PHASES), True, False, False),
        (("SUCCESS",), False, False, False),
        (("SUCCESS", "IN_PROGRESS"), False, False, True),
        (("SUCCESS", "PARTIAL"), False, True, False),
        (("FAILED",), False, True, False),
    ],
)
def test_a_backup_is_whole_or_broken_or_neither(
    states: tuple[str, ...], *, is_whole: bool, is_broken: bool, is_running: bool
) -> None:
    made = partly(1, *states)
    assert (made.whole, made.broken, made.running) == (is_whole, is_broken, is_running)
    assert (unfinished([made]) is None) == (is_whole or is_broken)


def test_only_the_last_one_is_gone_on_with() -> None:
    assert unfinished([]) is None
    assert unfinished([partly(2, "SUCCESS"), whole(1)]) is None


@pytest.mark.parametrize(
    ("known", "hours", "due"),
    [
        ([], 24, True),
        ([], 0, False),
        ([whole(23)], 24, False),
        ([whole(24)], 24, True),
        ([whole(30), partly(0.5, "FAILED")], 24, False),
        ([whole(30), partly(1, "FAILED")], 24, True),
        ([whole(0.2)], 0.1, True),
    ],
)
def test_a_backup_is_due(known: list[Backup], hours: float, *, due: bool) -> None:
    assert is_due(known, NOW, hours) == due


def test_the_last_ones_stay_and_what_is_left_of_failed_ones_goes() -> None:
    known = [whole(9), partly(8, "FAILED"), whole(7), whole(6), partly(5, "SUCCESS")]
    assert outdated(known, 2) == known[:2]
    assert outdated(known, 1) == known[:3]
    assert outdated(known, 5) == [known[1]]
    assert outdated([partly(2, "FAILED")], 1) == []
