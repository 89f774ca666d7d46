"""Articles are forgotten and a backup is made, while others come in and workers are killed."""

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final

from ingest.forget import of_article
from tests.chaos.faults.processes import kill_workers
from tests.chaos.harness import Scene, Size
from tests.chaos.texts import End
from workers.steps.backup import make
from workers.steps.forget import forget
from workers.steps.operator import keeper, operator
from workers.steps.traces import left

FORGOTTEN: Final[End] = ("forgotten", "")
COUNT: Final = 12
AT_ONCE: Final = 3


def unwanted(_: Size) -> Mapping[str, End]:
    """Name articles that are forgotten as soon as they come in, or before."""
    return {f"unwanted{number}": FORGOTTEN for number in range(COUNT)}


def forget_and_keep(scene: Scene) -> None:
    """Forget articles, a few at a time, and make a backup; workers are killed meanwhile."""
    scene.closing.append(partial(_compare, scene))
    with ThreadPoolExecutor(2) as beside:
        work = [beside.submit(_forget, scene), beside.submit(_keep, scene)]
        kill_workers(scene)
        for one in work:
            one.result()


def _forget(scene: Scene) -> None:
    mine = operator(scene.rt.settings)
    ids = [story.id for story in scene.newsroom.stories if story.end == FORGOTTEN]
    for start in range(0, COUNT, AT_ONCE):
        some = ids[start : start + AT_ONCE]
        stones = [of_article(key, scene.rt.now(), "chaos", "") for key in some]
        forget(mine, stones, lambda some=some: iter([some]))  # type: ignore[misc]  # bound now


def _keep(scene: Scene) -> None:
    make(keeper(scene.rt.settings), "", say=lambda _: None, sleep=time.sleep)


def _compare(scene: Scene) -> None:
    scene.rt.ledger.refresh()
    scene.problems += [f"{stone.id} is forgotten, and there is {ids}" for stone, ids in left(scene.rt)]
    told = [story for story in scene.newsroom.stories if story.end == FORGOTTEN and scene.rt.pages.names(story.id)]
    scene.problems += [f"the page of {story.url} is still stored" for story in told]
