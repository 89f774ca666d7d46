"""Beat sends nothing into a queue that nobody empties."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from celery.signals import heartbeat_sent

from workers.celery_ext.beat import WAITING, BoundedScheduler


@pytest.fixture
def scheduler(tmp_path: Path) -> Any:
    app = Celery("beat", broker="memory://", set_as_current=False)
    app.conf.update(
        task_default_queue="control",
        beat_schedule={"tick": {"task": "tick", "schedule": 1.0}},
    )
    made = BoundedScheduler(app=app, schedule_filename=str(tmp_path / "schedule"))
    yield made
    made.close()


@pytest.mark.parametrize("restarted", [False, True])
def test_a_clock_that_was_set_back_by_an_hour_does_not_stop_it(
    scheduler: Any, monkeypatch: pytest.MonkeyPatch, *, restarted: bool
) -> None:
    ahead = scheduler.app.now() + timedelta(hours=1)
    monkeypatch.setattr(Celery, "now", lambda _: ahead)
    sent: list[object] = []
    monkeypatch.setattr(scheduler, "apply_async", lambda entry, **_: sent.append(entry))
    while scheduler.tick() == 0:
        pass
    before = len(sent)
    monkeypatch.setattr(Celery, "now", lambda _: ahead - timedelta(hours=1))
    scheduler._heap = None if restarted else scheduler._heap
    assert scheduler.tick() == 0
    assert 0 < scheduler.tick() <= 1.1
    monkeypatch.setattr(Celery, "now", lambda _: ahead - timedelta(hours=1, seconds=-1.5))
    assert scheduler.tick() == 0
    assert len(sent) == before + 1


def test_it_wakes_when_a_task_is_due_and_not_again_and_again_before(
    scheduler: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = scheduler.app.now()
    monkeypatch.setattr(Celery, "now", lambda _: now)
    sent: list[object] = []
    monkeypatch.setattr(scheduler, "apply_async", lambda entry, **_: sent.append(entry))
    while not (delay := scheduler.tick()):
        pass
    sent.clear()
    now += timedelta(seconds=delay)
    assert scheduler.tick() == 0
    assert len(sent) == 1


def waiting(scheduler: Any) -> int:
    return int(scheduler.connection.default_channel.queue_declare("control", passive=True).message_count)


def test_ticks_do_not_pile_up_while_the_control_worker_is_away(scheduler: Any) -> None:
    beats: list[object] = []
    heartbeat_sent.connect(beat := lambda **_: beats.append(1), weak=False)
    for _ in range(100):
        scheduler.apply_async(scheduler.schedule["tick"])
    heartbeat_sent.disconnect(beat)
    assert waiting(scheduler) == WAITING
    assert len(beats) == 100 - WAITING, "beat is alive all the same"
    channel = scheduler.connection.default_channel
    channel.basic_get("control", no_ack=True)
    scheduler.apply_async(scheduler.schedule["tick"])
    assert waiting(scheduler) == WAITING
