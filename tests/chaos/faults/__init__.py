"""What may die, and what may happen twice: the rows of the table."""

from collections.abc import Mapping
from typing import Final

from tests.chaos.faults import (
    bucket,
    clock,
    drill,
    items,
    links,
    looks,
    pages,
    polls,
    processes,
    replays,
    stores,
    takedown,
    twice,
    upkeep,
    versions,
)
from tests.chaos.harness import Fault


def _nothing(_: object) -> None:
    pass


def _polite(_: int) -> Mapping[str, str]:
    """Let hosts have turns and rests. Elsewhere nobody waits for them, to save time."""
    return {"WARRAQ_POLITENESS_S": "0.05"}


LOOKS: Final = Fault(
    "articles looked at again: workers, Redis, Elasticsearch killed",
    looks.edit,
    finish=looks.compare,
    hours=looks.hours,
)
PROCESSES: Final = (
    Fault("workers killed", processes.kill_workers, at_share=0.05),
    Fault(
        "retention runs without a rest, workers killed",
        upkeep.keep_house,
        at_share=0.05,
        prepare=upkeep.something_old,
        finish=upkeep.compare,
    ),
    Fault("everything stopped by SIGTERM and started", processes.stop_everything),
    Fault("control away", processes.leave_control, at_share=0.05),
    Fault("poll away for an hour, sources due", polls.leave_polls),
)
REDIS: Final = (
    Fault("Redis wiped twice", stores.wipe_redis, overrides=_polite),
    Fault("Redis killed", stores.kill_redis, overrides=_polite),
    Fault("Redis full", stores.fill_redis),
    Fault("Redis' clock set back by three hours", clock.set_back),
    Fault("two beats, each feed polled twice, each URL admitted by ten", twice.everything, at_share=0),
    Fault("replay of all that is stored, with 64 MB of Redis", replays.replay_all, once=True),
)
ELASTICSEARCH: Final = (
    LOOKS,
    Fault("Elasticsearch stopped", stores.stop_elasticsearch),
    Fault("Elasticsearch killed in the middle of a bulk", stores.kill_elasticsearch),
    Fault("Elasticsearch answers 429 and 503", links.refuse),
    Fault(
        "pages that kill, hang, linger and eat memory",
        _nothing,
        at_share=0,
        prepare=pages.count_starts,
        specials=pages.poison,
    ),
    Fault("connections to Redis and Elasticsearch half open", links.freeze),
)
ITEMS: Final = (
    Fault("pages of 18 MB", _nothing, at_share=0, specials=pages.heavy),
    Fault("index stream with items of another version", versions.exchange, at_share=0, prepare=versions.rest),
    Fault("page store full", pages.wait_for_the_full_disk, at_share=0, prepare=pages.small_disk),
    Fault(
        "single items refused or not answered: documents, records, both; Redis wiped",
        items.refuse_in_turn,
        at_share=0,
        prepare=items.lie_in_wait,
        specials=items.unfit,
    ),
)
STORES: Final = (
    Fault(
        "object store fails, one worker's clock 10 minutes off",
        bucket.fail,
        at_share=0.05,
        overrides=bucket.settings,
    ),
)
KEPT: Final = (
    Fault(
        "articles forgotten and a backup made, workers killed",
        takedown.forget_and_keep,
        at_share=0.05,
        specials=takedown.unwanted,
    ),
    Fault("everything lost in mid-work, a backup restored", drill.lose_everything, at_share=0.05, once=True),
)
"""Only in the long form."""
GROUPS: Final = {
    "processes": PROCESSES,
    "Redis": REDIS,
    "Elasticsearch": ELASTICSEARCH,
    "items and pages": ITEMS,
    "object store": STORES,
}
"""Faults that are let loose on the same stack, one after the other."""
SHORT: Final = tuple(name for name in GROUPS if name != "object store")
"""Groups of the short form: all but the one for which every worker must be restarted twice."""
FAULTS: Final = (
    Fault("nothing", _nothing),
    *KEPT,
    LOOKS,
    *(fault for group in GROUPS.values() for fault in group if fault is not LOOKS),
)
