"""Retention runs without a rest while articles come in and workers are killed: what is needed stays, the rest goes."""

import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

from ingest.document import ARTICLES
from ingest.ledger.record import Record, State
from ingest.ledger.transitions import admitted, ended
from ingest.model import Article, Entry, Source
from tests.chaos.faults.processes import kill_workers
from tests.chaos.harness import Scene
from workers.runtime import Runtime, build
from workers.settings import SettingsError
from workers.steps.retention import go
from workers.steps.retention_ways import Order, pages
from workers.store.keys import RETENTION_KEY
from workers.store.outcomes import Outcome

THEN: Final = datetime(1999, 3, 11, tzinfo=UTC)
DAYS: Final = 20 * 365
"""What is older goes: that month, and nothing of today's."""
PAGE_AGE: Final = timedelta(seconds=3)
OLD: Final = 40


def something_old(scene: Scene) -> None:
    """Have articles of a month that is to go."""
    scene.rt.index.write([_indexed(record) for record in _old(scene)], THEN)


def keep_house(scene: Scene) -> None:
    """Remove what is old, and pages that are older than seconds, again and again; kill workers meanwhile."""
    over, removed = threading.Event(), list[int]()
    upkeep = threading.Thread(target=_retention, args=(scene, over, removed))
    upkeep.start()
    try:
        kill_workers(scene)
    finally:
        over.set()
        upkeep.join()
    if not any(removed):
        scene.problems.append("retention has removed no page")


def compare(scene: Scene) -> None:
    """Find what is old and still there, and what is no longer known."""
    wanted = _old(scene)
    found = scene.rt.ledger.get_many([one.id for one in wanted])
    left = sum(not (one.slim and one.expired_at) for one in found.values())
    if len(found) != OLD or left:
        scene.problems.append(f"{len(found)} of {OLD} old records are known, {left} as if they were young")
    if again := scene.rt.ledger.create(wanted):
        scene.problems.append(f"{len(again)} old articles were admitted as new")
    if scene.rt.index.exists(f"{ARTICLES}{THEN:%Y.%m}"):
        scene.problems.append("the old month is still there")


def _retention(scene: Scene, over: threading.Event, removed: list[int]) -> None:
    try:
        _again_and_again(scene, over, removed)
    except Exception as error:  # noqa: BLE001  # told as what it is: a run that did not pass
        scene.problems.append(f"retention ended: {error!r}")


def _again_and_again(scene: Scene, over: threading.Event, removed: list[int]) -> None:
    rt = _with_its_key(scene)
    while True:
        last = over.is_set()
        removed += [portion.count for portion in pages(rt, Order(rt.now() - PAGE_AGE, act=True))]
        with suppress(SettingsError):  # the service does it just now, or was killed at it a moment ago
            go(rt, lambda _: None)
            if last:
                return
        time.sleep(0.2)


def _with_its_key(scene: Scene) -> Runtime:
    kinds = ("articles", "ledger", "tallies", "revisions", "stories")
    changes = {f"keep_{kind}_days": DAYS for kind in kinds}
    key = scene.rig.stack.home / "secrets" / RETENTION_KEY
    return build(scene.rt.settings.model_copy(update={**changes, "elasticsearch_key_file": key}))


def _old(scene: Scene) -> list[Record]:
    source = Source(f"old-{scene.newsroom.port}", "feed", "http://old.invalid/")
    return [admitted(source, Entry(f"http://old.invalid/{scene.newsroom.port}/{n}"), THEN) for n in range(OLD)]


def _indexed(record: Record) -> Outcome:
    article = Article(id=record.id, url=record.url, title="خبر قديم", body="نص", admitted_at=THEN)
    return Outcome(ended(record, State.INDEXED, THEN), article)
