"""A process whose loop has stopped."""

from workers.celery_ext.watchdog import Watchdog
from workers.health import MAX_AGE_S


def test_it_counts_from_the_last_heartbeat() -> None:
    now = 0.0
    dog = Watchdog(clock=lambda: now)
    now = MAX_AGE_S
    assert not dog.stuck()
    dog.beat()
    now += MAX_AGE_S + 1
    assert dog.stuck()
