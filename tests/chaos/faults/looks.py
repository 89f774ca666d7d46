"""Articles that are looked at again while everything dies: each edition that was seen is kept, and kept once."""

from collections.abc import Iterator, Sequence
from typing import Final

from ingest.ledger.looks import left_alone
from ingest.revisions.revision import Revision
from tests.chaos.editions import is_edited
from tests.chaos.faults import processes, stores
from tests.chaos.harness import Scene, Size
from tests.chaos.texts import Story, headline
from tests.chaos.waiting import wait_for

LEAST_S: Final = 10.0
LOOKS_A_SECOND: Final = 30
FOR_S: Final = 1800.0
KILLS: Final = (processes.kill_workers, stores.wipe_redis, stores.kill_redis, stores.kill_elasticsearch)
NAMED: Final = 5


def hours(size: Size) -> Sequence[float]:
    """Return the ages at which each article is looked at: as often as the stack can, until the run is over."""
    every = max(LEAST_S, size.articles / LOOKS_A_SECOND)
    return tuple(round(number * every / 3600, 5) for number in range(1, 1 + int(FOR_S / every)))


def edit(scene: Scene) -> None:
    """Bring out one edition after the other. What dies meanwhile are the group's other faults, or all in turn."""
    scene.newsroom.editions.begin()
    for kill in KILLS if scene.size.alone else ():
        kill(scene)


def compare(scene: Scene) -> None:
    """Wait until the last edition was seen, end the looks, and compare what is kept with what was published."""
    scene.newsroom.editions.end()
    edited = [story for story in scene.newsroom.stories if is_edited(story.number)]
    if not wait_for(lambda: not _behind(scene, edited)):
        scene.problems.append(f"the last edition of {len(_behind(scene, edited))} articles was never seen")
    if not wait_for(lambda: _left_alone(scene)):
        scene.problems.append("looks do not end")
    kept = {story.id: scene.rt.revisions.of(story.id) for story in edited}
    if sum(map(bool, kept.values())) < len(kept) / 2:
        scene.problems.append(f"of {len(kept)} edited articles only {sum(map(bool, kept.values()))} have a revision")
    scene.problems += [*_wrong(scene, edited, kept), *_unasked(scene)][:NAMED]


def _behind(scene: Scene, stories: Sequence[Story]) -> list[Story]:
    """Return the articles whose document is not of the edition that is out."""
    edition = scene.newsroom.editions.current()
    return [one for one in stories if _title(scene, one) != headline(one, edition)]


def _title(scene: Scene, story: Story) -> str:
    record = scene.rt.ledger.get(story.id)
    article = scene.rt.index.get(record) if record else None
    return article.title if article else ""


def _left_alone(scene: Scene) -> bool:
    """Take the next look from every article that is at rest; True when none is left that has one."""
    records = scene.rt.ledger.get_many([story.id for story in scene.newsroom.stories]).values()
    planned = [one for one in records if one.pending or one.revisit]
    scene.rt.ledger.save([left_alone(one, scene.rt.now()) for one in planned if not one.pending])
    return not planned


def _wrong(scene: Scene, stories: Sequence[Story], kept: dict[str, list[Revision]]) -> Iterator[str]:
    for story in stories:
        record = scene.rt.ledger.get(story.id)
        article = scene.rt.index.get(record) if record else None
        editions = [headline(story, number) for number in range(scene.newsroom.editions.current() + 1)]
        counted = (article.revisions if article else None) or 0
        if not is_each_once(kept[story.id], counted, editions):
            titles = [(one.number, one.title) for one in kept[story.id]]
            yield f"{story.url}: {counted} revisions in the document, kept are {titles}"


def is_each_once(versions: Sequence[Revision], counted: int, editions: Sequence[str]) -> bool:
    """Tell whether versions are numbered without a gap, each of another edition than those before, and all counted.

    An edition that came and went between two looks is none of them. An article that never changed has no version.
    """
    if any(one.title not in editions for one in versions):
        return False
    places = [editions.index(one.title) for one in versions]
    numbers = [one.number for one in versions]
    return (numbers, places) == (list(range(len(versions))), sorted(set(places))) and counted == max(
        len(numbers) - 1, 0
    )


def _unasked(scene: Scene) -> Iterator[str]:
    """Tell of changes of articles that nobody has changed."""
    quiet = {story.id: story.url for story in scene.newsroom.stories if not is_edited(story.number)}
    for one in scene.rt.revisions.since(scene.since):
        if one.article_id in quiet:
            yield f"{quiet[one.article_id]} was never changed: {one.kinds}"
