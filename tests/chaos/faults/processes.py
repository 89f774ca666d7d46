"""Workers are killed, or away; everything is asked to end."""

import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from deploy.local import stack as local
from deploy.local.errors import LocalStackError
from deploy.local.supervise import Supervisor
from tests.chaos.harness import Scene
from workers.celery_ext.beat import WAITING
from workers.queues import WORKERS

KILL_EVERY_S: Final = 3.0
BACK_WITHIN_S: Final = 60.0
SECOND_TERM_S: Final = 0.5
MOST_TICKS: Final = 2 * WAITING
"""Ticks and sweeps."""


def kill_workers(scene: Scene) -> None:
    """SIGKILL a random worker every 3 s, each kind equally often; supervisor brings it back."""
    chance = random.Random(scene.newsroom.port)
    kinds = [queue.name for queue in WORKERS]
    rounds = -(-scene.size.kills // len(kinds))
    names = [name for _ in range(rounds) for name in chance.sample(kinds, len(kinds))]
    for number, name in enumerate(names[: scene.size.kills]):
        time.sleep(KILL_EVERY_S if number else 0)
        os.kill(_running(name), signal.SIGKILL)


def stop_everything(scene: Scene) -> None:
    """Ask each worker twice to end; then stop every process in order, by SIGTERM, and start them all again."""
    for turn in range(2):
        time.sleep(SECOND_TERM_S if turn else 0)
        for queue in WORKERS:
            os.kill(_running(queue.name), signal.SIGTERM)
    scene.rig.stop()
    scene.rig.start()


def leave_control(scene: Scene) -> None:
    """Stop the control worker for a while; beat does not fill its queue meanwhile."""
    with away(scene, "control"):
        time.sleep(scene.size.stopped_s * 2)
        if (waiting := scene.rt.gauge.queued("control")) > MOST_TICKS:
            scene.problems.append(f"{waiting} messages wait for the control worker")


@contextmanager
def away(scene: Scene, name: str) -> Iterator[None]:
    """Have a kind of worker stopped in the meantime."""
    supervisor = Supervisor(scene.rig.stack.home)
    supervisor.stop([name])
    try:
        yield
    finally:
        supervisor.start(name)


def _running(name: str) -> int:
    """Return a service's pid, as soon as it runs: it may just be on its way back from the kill before."""
    deadline = time.monotonic() + BACK_WITHIN_S
    while True:
        try:
            return local.pid(name)
        except LocalStackError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
