"""Everything is lost in mid-work: the data of Elasticsearch and Redis, and all pages. A backup is restored."""

import shutil
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Final, TypeVar

from tests.chaos.harness import Scene
from workers.steps.backup import make
from workers.steps.operator import keeper, operator
from workers.steps.restore import chosen, restore

T = TypeVar("T")
LOST: Final = ("elasticsearch", "redis", "pages")


def lose_everything(scene: Scene) -> None:
    """Make a backup, go on for a while, lose all data, restore the backup into the new stack, and poll again."""
    backup = _timed("backup", lambda: make(keeper(scene.rt.settings), "", say=_quietly, sleep=time.sleep))
    time.sleep(scene.size.stopped_s)
    scene.rig.stop()
    for name in LOST:
        shutil.rmtree(scene.rig.stack.home / "data" / name)
    _timed("start", scene.rig.start)
    mine = keeper(scene.rt.settings)
    mine.snapshots.register()
    which = chosen(mine.all(), backup.name)
    _timed("restore", lambda: restore(operator(scene.rt.settings), mine, which, replace=False, say=_quietly))
    stories = {story.id: story.url for story in scene.newsroom.stories}
    indexed = [key for key, one in scene.rt.ledger.get_many(list(stories)).items() if one.indexed_at]
    asked = scene.newsroom.asked()
    scene.closing.append(partial(_compare, scene, {stories[key]: asked.get(stories[key], 0) for key in indexed}))
    if not indexed:
        scene.problems.append("no article was indexed in the backup")
    for source in scene.sources:
        scene.rt.schedule.set(source.id, scene.rt.now())


def _compare(scene: Scene, before: dict[str, int]) -> None:
    asked = scene.newsroom.asked()
    again = [url for url, count in before.items() if asked.get(url, 0) > count]
    scene.problems += [f"{url} was indexed in the backup, and fetched again" for url in again]


def _timed(what: str, work: Callable[[], T]) -> T:
    """Do a part of the drill, and say how long it took."""
    began = time.monotonic()
    done = work()
    sys.stderr.write(f"drill: {what} {time.monotonic() - began:.1f} s\n")
    return done


def _quietly(_: str) -> None:
    pass
