"""When articles are compared with all others, and what story each is in is known."""

import time
from collections.abc import Iterable
from typing import Final

from elasticsearch import Elasticsearch

from ingest.document import FINGERPRINTS

LOOK_S: Final = 1.0
"""Seconds between two looks: no time is known better than that."""
MOST: Final = 300
"""Articles that are asked for in one look, those that have waited longest: more than are compared in a second.

Not all that wait: Elasticsearch had more work with these looks than with the comparison."""
GIVE_UP_S: Final = 60.0


class Grouped:
    """Which articles have been compared, since when."""

    def __init__(self, client: Elasticsearch) -> None:
        self._client = client
        self._looked = 0.0
        self.at: dict[str, float] = {}
        """Unix times, by id."""

    def look(self, ids: Iterable[str]) -> None:
        """Ask for those that were not there at the last look, once a second."""
        waiting = [key for key in ids if key not in self.at][:MOST]
        if waiting and time.monotonic() - self._looked >= LOOK_S:
            self._looked = time.monotonic()
            docs = self._client.mget(index=FINGERPRINTS, ids=waiting, source=False)["docs"]
            now = time.time()
            self.at |= {doc["_id"]: now for doc in docs if doc["found"]}

    def wait(self, ids: Iterable[str]) -> None:
        """Look until all are there, or none comes any more."""
        all_ids, changed, known = set(ids), time.monotonic(), -1
        while not all_ids <= self.at.keys() and time.monotonic() - changed < GIVE_UP_S:
            self.look(sorted(all_ids))
            changed, known = (time.monotonic(), len(self.at)) if len(self.at) > known else (changed, known)
            time.sleep(LOOK_S / 4)
