"""What lies between workers and stores: refusals, connections of which one half is dead."""

import time

from tests.chaos.harness import Scene


def refuse(scene: Scene) -> None:
    """Let every request to Elasticsearch be answered with 429, then with 503."""
    gate = scene.rig.gate
    gate.answered = 0
    for status in (429, 503):
        gate.status = status
        time.sleep(scene.size.stopped_s * 3 / 4)
    gate.open()
    if not gate.answered:
        scene.problems.append("nobody was refused")


def freeze(scene: Scene) -> None:
    """Forward nothing on any connection; then serve new ones, and leave the old ones dead."""
    doors = (scene.rig.redis, scene.rig.elasticsearch)
    for door in doors:
        door.freeze()
    time.sleep(scene.size.stopped_s)
    for door in doors:
        door.thaw()
