"""What happens more than once: clocks, polls, admissions."""

import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from deploy.local import places
from ingest.discover import discover
from tests.chaos.harness import Scene
from workers.steps.admit import admit


def everything(scene: Scene) -> None:
    """Run a second beat until the end; send each feed to be polled three times; have ten threads admit it as well."""
    _second_beat(scene)
    _poll(scene)
    _admit(scene)


def _poll(scene: Scene) -> None:
    from workers.app import app  # noqa: PLC0415  # it reads the settings when it is imported

    with app.connection_for_write(scene.rt.settings.broker_url) as connection:
        for source in scene.sources * 3:
            app.send_task("poll_source", [source.id], queue="poll", connection=connection)
    for source in scene.sources:
        scene.rt.schedule.set(source.id, scene.rt.now())


def _admit(scene: Scene) -> None:
    def one(_: int) -> None:
        for source in scene.sources:
            admit(scene.rt, source, discover(source, scene.rt.web.get(source.url)).entries)

    with ThreadPoolExecutor(10) as threads:
        list(threads.map(one, range(10)))


def _second_beat(scene: Scene) -> None:
    folder = tempfile.TemporaryDirectory()
    log = (Path(folder.name) / "log").open("wb")
    stack = scene.rig.stack
    beat = subprocess.Popen(
        [sys.executable, "-m", "workers", "beat", "--schedule", f"{folder.name}/beat"],
        env={**places.base_environment(stack.home), **stack.env},
        cwd=places.CHECKOUT,
        stdout=log,
        stderr=log,
    )
    scene.closing += [folder.cleanup, log.close, partial(_end, beat)]


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process; one that has ended by itself took no part in the run."""
    assert process.poll() is None, process.args
    process.terminate()
    process.wait()
