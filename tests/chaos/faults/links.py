"""What lies between workers and stores: refusals, a spoilt request, connections of which one half is dead."""

import time
from collections.abc import Mapping
from typing import Final

from tests.chaos.harness import Scene, wait_for
from tests.chaos.newsroom import End

UNFIT: Final[Mapping[str, End]] = {"unfit": ("failed", "refused_by_index")}


def refuse(scene: Scene) -> None:
    """Let every request to Elasticsearch be answered with 429, then with 503."""
    door = scene.rig.elasticsearch
    for status in (429, 503):
        door.status = status
        time.sleep(scene.size.stopped_s * 3 / 4)
    door.status = 0
    if not door.answered:
        scene.problems.append("nobody was refused")


def lie_in_wait(scene: Scene) -> None:
    """Give one document of a bulk a field that the strict mapping does not know: a genuine 400 for that one."""
    door = scene.rig.elasticsearch
    door.spoil, door.spoiled = _unfit, 0
    scene.closing.append(lambda: setattr(door, "spoil", lambda body: body))


def spoil(scene: Scene) -> None:
    """Wait until that document has come."""
    if not wait_for(lambda: scene.rig.elasticsearch.spoiled > 0):
        scene.problems.append("no bulk was spoilt")


def freeze(scene: Scene) -> None:
    """Forward nothing on any connection; then serve new ones, and leave the old ones dead."""
    doors = (scene.rig.redis, scene.rig.elasticsearch)
    for door in doors:
        door.freeze()
    time.sleep(scene.size.stopped_s)
    for door in doors:
        door.thaw()


def _unfit(body: bytes) -> bytes:
    return b"\n".join(
        line.replace(b"{", b'{"unknown_field":1,', 1) if b"/unfit" in line and b'"body":' in line else line
        for line in body.split(b"\n")
    )
