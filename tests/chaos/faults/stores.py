"""Redis and Elasticsearch: wiped, full, frozen, killed."""

import os
import signal
import threading
import time
from contextlib import suppress
from functools import partial
from itertools import count
from pathlib import Path
from typing import Final

from redis import Redis
from redis.exceptions import OutOfMemoryError, RedisError

from deploy.local import stack as local
from tests.chaos.harness import Scene
from tests.chaos.waiting import wait_for
from workers.frontier.gauge import FULL
from workers.runtime import redis_client

WIPE_AGAIN_S: Final = 4.0
BACK_WITHIN_S: Final = 120.0
BALLAST: Final = "chaos:ballast:"
BLOCKS: Final = (4 * 2**20, 2**16, 2**10)
"""Sizes of ballast, the largest first: what is left in the end holds no message."""


def wipe_redis(scene: Scene) -> None:
    """Delete every key, twice: the workers' user may not FLUSHALL."""
    client = redis_client(scene.rt.settings)
    for turn in range(2):
        time.sleep(WIPE_AGAIN_S if turn else 0)
        if keys := list(client.scan_iter(count=1000)):
            client.delete(*keys)
    client.close()


def kill_redis(scene: Scene) -> None:
    """SIGKILL Redis; supervisor starts it again, and the fault is over when it has read its append-only file."""
    os.kill(local.pid("redis"), signal.SIGKILL)
    wait_for(lambda: scene.rt.schedule.count() >= 0, BACK_WITHIN_S)  # INFO would be answered before that


def fill_redis(scene: Scene) -> None:
    """Fill Redis to where nothing is admitted any more, then to its last byte; make room again."""
    client = redis_client(scene.rt.settings)
    scene.closing += [client.close, partial(_make_room, client)]
    _fill(client, scene, share=FULL + 0.05)
    source = scene.sources[0]
    scene.rt.schedule.set(source.id, scene.rt.now())
    if not wait_for(lambda: scene.rt.sources.poll_of(source.id).error.startswith("redis_full"), BACK_WITHIN_S):
        scene.problems.append(f"a poll into a full Redis says {scene.rt.sources.poll_of(source.id)}")
    _fill(client, scene, share=1)
    deadline = time.monotonic() + scene.size.stopped_s
    while time.monotonic() < deadline:
        _fill(client, scene, share=1)  # whatever ends in the meantime makes room, which is taken away again
        time.sleep(0.2)
    _make_room(client)
    scene.rt.schedule.set(source.id, scene.rt.now())


def stop_elasticsearch(scene: Scene) -> None:
    """Freeze Elasticsearch's JVM: connections stay open, nothing answers."""
    (jvm,) = _children(local.pid("elasticsearch"))
    os.kill(jvm, signal.SIGSTOP)
    try:
        time.sleep(scene.size.stopped_s)
    finally:
        os.kill(jvm, signal.SIGCONT)


def kill_elasticsearch(scene: Scene) -> None:
    """SIGKILL Elasticsearch when it has got a bulk of documents; it is over when supervisor's new node answers."""
    dead, launcher = threading.Event(), local.pid("elasticsearch")
    doomed = (*_children(launcher), launcher)

    def kill(bulk: bytes) -> None:
        if b'"body":' in bulk and not dead.is_set():
            dead.set()
            for one in doomed:
                os.kill(one, signal.SIGKILL)

    scene.rig.gate.sent = kill
    scene.closing.append(scene.rig.gate.open)
    if not dead.wait(BACK_WITHIN_S):
        scene.problems.append("no bulk came")
    wait_for(lambda: _serves(scene), BACK_WITHIN_S)


def _serves(scene: Scene) -> bool:
    """Write and search; raises what the client raises while that cannot be done."""
    scene.rt.sources.put(scene.sources[0])
    return scene.rt.ledger.counts({"match_none": {}}) == {}


def _make_room(client: Redis) -> None:
    for key in client.scan_iter(f"{BALLAST}*", count=1000):
        client.delete(key)


def _fill(client: Redis, scene: Scene, share: float) -> None:
    names = count(time.monotonic_ns())
    for size in BLOCKS:
        block = os.urandom(size)
        while share >= 1 or scene.rt.gauge.fullness() < share:
            try:
                client.set(f"{BALLAST}{next(names)}", block)
            except OutOfMemoryError:
                break
            except RedisError:
                return


def _children(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[1]) == parent:
                found.append(int(stat.parent.name))
    return found
