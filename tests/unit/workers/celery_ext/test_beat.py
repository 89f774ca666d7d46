"""Beat sends nothing into a queue that nobody empties."""

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
        beat_schedule={"tick": {"task": "tick", "schedule": 1.0, "options": {"expires": 3600}}},
    )
    made = BoundedScheduler(app=app, schedule_filename=str(tmp_path / "schedule"))
    yield made
    made.close()


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
