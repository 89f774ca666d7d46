"""Workers are killed; everything is asked to end."""

import os
import random
import signal
import time
from typing import Final

from deploy.local import stack as local
from deploy.local.errors import LocalStackError
from tests.chaos.harness import Scene
from workers.queues import WORKERS

KILL_EVERY_S: Final = 3.0
BACK_WITHIN_S: Final = 60.0
SECOND_TERM_S: Final = 0.5


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
