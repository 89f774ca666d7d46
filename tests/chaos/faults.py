"""What may die, and what may happen twice. Each fault returns when it is over: recovery is timed from then.

Missing, for want of a hook in the product: a page that kills the process which works on it.
"""

import os
import random
import signal
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from deploy.local import places
from deploy.local import stack as local
from deploy.local.errors import LocalStackError
from ingest.discover import discover
from tests.chaos.harness import Fault, Scene
from workers.admission import admit
from workers.lanes import QUEUES
from workers.runtime import SERVICES, redis_client

KILL_EVERY_S: Final = 3.0
WIPE_AGAIN_S: Final = 4.0
BACK_WITHIN_S: Final = 60.0


def kill_workers(scene: Scene) -> None:
    """SIGKILL a random worker every 3 s, each kind equally often; supervisor brings it back."""
    chance = random.Random(scene.newsroom.port)
    rounds = -(-scene.size.kills // len(QUEUES))
    names = [name for _ in range(rounds) for name in chance.sample(QUEUES, len(QUEUES))]
    for number, name in enumerate(names[: scene.size.kills]):
        time.sleep(KILL_EVERY_S if number else 0)
        os.kill(_running(name), signal.SIGKILL)


def wipe_redis(scene: Scene) -> None:
    """Delete every key, twice: the workers' user may not FLUSHALL."""
    client = redis_client(scene.rt.settings)
    for turn in range(2):
        time.sleep(WIPE_AGAIN_S if turn else 0)
        if keys := list(client.scan_iter(count=1000)):
            client.delete(*keys)
    client.close()


def kill_redis(_: Scene) -> None:
    """SIGKILL Redis; supervisor starts it again, and it reads its append-only file."""
    os.kill(local.pid("redis"), signal.SIGKILL)


def stop_elasticsearch(scene: Scene) -> None:
    """Freeze Elasticsearch's JVM: connections stay open, nothing answers."""
    (jvm,) = _children(local.pid("elasticsearch"))
    os.kill(jvm, signal.SIGSTOP)
    try:
        time.sleep(scene.size.stopped_s)
    finally:
        os.kill(jvm, signal.SIGCONT)


def kill_elasticsearch(scene: Scene) -> None:
    """SIGKILL Elasticsearch's launcher and JVM; the fault is over when supervisor's new node answers."""
    launcher = local.pid("elasticsearch")
    for one in (*_children(launcher), launcher):
        os.kill(one, signal.SIGKILL)
    deadline = time.monotonic() + BACK_WITHIN_S
    while time.monotonic() < deadline:
        with suppress(*SERVICES):
            scene.rt.ledger.refresh()
            return
        time.sleep(0.5)


def stop_everything(scene: Scene) -> None:
    """Stop every process in order, by SIGTERM, and start them all again."""
    local.down(_quietly)
    scene.running = replace(scene.running, stack=local.up(scene.running.overrides, scene.running.heap, _quietly))


def poll_twice(scene: Scene) -> None:
    """Send each feed to be polled three times at once, beside the poll that it is due for anyhow."""
    from workers.app import app  # noqa: PLC0415  # it reads the settings when it is imported

    with app.connection_for_write() as connection:
        for source in scene.sources * 3:
            app.send_task("poll_source", [source.id], queue="poll", connection=connection)
    for source in scene.sources:
        scene.rt.lanes.schedule(source.id, scene.rt.now())


def admit_by_ten(scene: Scene) -> None:
    """Have ten threads admit the same listings at the same moment."""

    def one(_: int) -> None:
        for source in scene.sources:
            admit(scene.rt, source, discover(source, scene.rt.web.get(source.url)).entries)

    with ThreadPoolExecutor(10) as threads:
        list(threads.map(one, range(10)))


def two_beats(scene: Scene) -> None:
    """Run a second beat until the end of the run: every tick and every sweep is sent twice."""
    folder = tempfile.TemporaryDirectory()
    celery = str(places.interpreter_folder() / "celery")
    log = (Path(folder.name) / "log").open("wb")
    beat = subprocess.Popen(
        [celery, "--app", "workers.app", "beat", "--schedule", f"{folder.name}/beat"],
        env={**places.base_environment(scene.running.stack.home), **scene.running.stack.env},
        cwd=places.CHECKOUT,
        stdout=log,
        stderr=log,
    )
    scene.closing += [partial(_end, beat), log.close, folder.cleanup]


FAULTS: Final = (
    Fault("nothing", lambda _: None),
    Fault("workers killed", kill_workers, at_share=0.05),
    Fault("Redis wiped twice", wipe_redis),
    Fault("Redis killed", kill_redis),
    Fault("Elasticsearch stopped", stop_elasticsearch),
    Fault("Elasticsearch killed", kill_elasticsearch),
    Fault("everything stopped and started", stop_everything),
    Fault("a feed polled by several workers", poll_twice, at_share=0),
    Fault("a URL admitted by ten", admit_by_ten, at_share=0),
    Fault("two beats", two_beats, at_share=0),
)


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


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process; one that has ended by itself took no part in the run."""
    assert process.poll() is None, process.args
    process.terminate()
    process.wait()


def _children(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[1]) == parent:
                found.append(int(stat.parent.name))
    return found


def _quietly(_: str) -> None:
    pass
