"""What may die, and what may happen twice: the rows of the table."""

from typing import Final

from tests.chaos.faults import items, links, pages, processes, stores, twice
from tests.chaos.harness import Fault

FAULTS: Final = (
    Fault("nothing", lambda _: None),
    Fault("workers killed", processes.kill_workers, at_share=0.05),
    Fault("everything stopped by SIGTERM and started", processes.stop_everything),
    Fault("Redis wiped twice", stores.wipe_redis),
    Fault("Redis killed", stores.kill_redis),
    Fault("Redis full", stores.fill_redis),
    Fault("Elasticsearch stopped", stores.stop_elasticsearch),
    Fault("Elasticsearch killed", stores.kill_elasticsearch),
    Fault("two beats, each feed polled twice, each URL admitted by ten", twice.everything, at_share=0),
    Fault("single items refused: documents, records, both; Redis wiped", items.refuse_in_turn, at_share=0.05),
    Fault("Elasticsearch answers 429 and 503", links.refuse, doors=True),
    Fault(
        "one article that the index refuses",
        links.spoil,
        at_share=0,
        doors=True,
        prepare=links.lie_in_wait,
        specials=links.UNFIT,
    ),
    Fault("connections to Redis and Elasticsearch half open", links.freeze, doors=True),
    Fault(
        "pages that kill, hang, linger and eat memory",
        pages.wait_for_the_poison,
        at_share=0,
        overrides=pages.poison,
        specials=pages.POISON,
    ),
    Fault(
        "page store full, one worker's clock 10 minutes off",
        pages.wait_for_the_full_disk,
        at_share=0,
        overrides=pages.skew,
        prepare=pages.small_disk,
    ),
)
