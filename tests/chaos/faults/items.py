"""Single items of a bulk that Elasticsearch refuses, or forgets to tell of, while the request as a whole succeeds."""

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import Final
from zlib import crc32

from ingest.document import LEDGER
from ingest.ledger.record import State
from tests.chaos.faults.stores import wipe_redis
from tests.chaos.gate import CUT, PASS, UNTOLD, Item
from tests.chaos.harness import Scene, Size
from tests.chaos.texts import End
from tests.chaos.waiting import wait_for

DOCUMENT, RECORD, ADMISSION = "document", "record", "admission"
"""Of the records, those of ended articles follow a document; the others admit an article, or move it."""
REFUSED: Final = ((), (DOCUMENT,), (RECORD,), (DOCUMENT, RECORD), (), (ADMISSION,), (), ())
"""What is refused of an article, by its id."""
VERDICTS: Final = {
    DOCUMENT: (403, 429, 503, UNTOLD),
    RECORD: (403, 429, 503, 400, UNTOLD),
    ADMISSION: (403, 429, 503, UNTOLD),
}
"""In turn. A 400 of a document is a judgement on it, and has an article of its own: `unfit`."""
TIMES: Final = {DOCUMENT: 2, RECORD: 2, ADMISSION: 1}
"""So often each of these items is refused, before it passes."""
CUT_EVERY: Final = 5
"""The connection of each fifth bulk is cut."""
CUTS: Final = 3
ALL_WITHIN_S: Final = 60.0


class Refusals:
    """Judges the items of bulks: what it refuses depends on the article's id, and on how often it has come."""

    def __init__(self) -> None:
        self.told: Counter[tuple[str, int]] = Counter()
        """How often each verdict was given to a document or a record."""
        self._come: Counter[tuple[str, str]] = Counter()
        self._next = {kind: cycle(some) for kind, some in VERDICTS.items()}
        self._bulks = 0
        self._lock = threading.Lock()

    @property
    def complete(self) -> bool:
        """Tell whether each verdict has been given."""
        return all(self.told[kind, one] for kind, some in VERDICTS.items() for one in some) and self.told["", CUT] > 0

    def __call__(self, items: Sequence[Item]) -> Sequence[int]:
        """Return what becomes of each item of a bulk."""
        with self._lock:
            kinds = [_kind(item) for item in items]
            verdicts = [self._verdict(kind, item) for kind, item in zip(kinds, items, strict=True)]
            self._bulks += 1
            if self._bulks % CUT_EVERY == 0 and self.told["", CUT] < CUTS:
                kinds[0], verdicts[0] = "", CUT
            self.told.update(zip(kinds, verdicts, strict=True))
            return verdicts

    def _verdict(self, kind: str, item: Item) -> int:
        self._come[kind, item.id] += 1
        if kind not in REFUSED[crc32(item.id.encode()) % len(REFUSED)] or self._come[kind, item.id] > TIMES[kind]:
            return PASS
        return next(self._next[kind])


def unfit(_: Size) -> Mapping[str, End]:
    """Name the article whose document Elasticsearch itself refuses."""
    return {"unfit": ("failed", "refused_by_index")}


def lie_in_wait(scene: Scene) -> None:
    """Judge items from the first bulk on; one document gets a number that its field cannot hold: a genuine 400."""
    gate = scene.rig.gate
    gate.judge, gate.spoil, gate.spoiled = Refusals(), _unfit, 0
    scene.closing.append(gate.open)


def refuse_in_turn(scene: Scene) -> None:
    """Wipe Redis while items are refused, and wait until each verdict was given, and the spoilt document has come."""
    wipe_redis(scene)
    refusals = scene.rig.gate.judge
    assert isinstance(refusals, Refusals)
    if not wait_for(lambda: refusals.complete and scene.rig.gate.spoiled > 0, ALL_WITHIN_S):
        scene.problems.append(f"spoilt {scene.rig.gate.spoiled}, refused {dict(refusals.told)}")


def _kind(item: Item) -> str:
    if not item.index.startswith(LEDGER):
        return DOCUMENT
    return ADMISSION if item.source.get("state") == State.PENDING else RECORD


def _unfit(body: bytes) -> bytes:
    return b"\n".join(
        line.replace(b'"words":', b'"words":999999999', 1) if b"/unfit" in line and b'"body":' in line else line
        for line in body.split(b"\n")
    )
