"""What Elasticsearch holds that is older than a time: how much it is, and its end. Needs the retention key."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from elasticsearch import Elasticsearch

from ingest.document import ALIAS, ARTICLES, FINGERPRINTS, LEDGER, REVISIONS, STORIES, TALLIES
from workers.store.indices import ARTICLE_KIND
from workers.store.selection import Which

DATED: Final[Mapping[str, str]] = {
    TALLIES: "day",
    REVISIONS: "seen_at",
    STORIES: "last_at",
    FINGERPRINTS: "index",  # the month of admission: an article may have been published long before
}
"""The field by which each index ages."""
REQUEST_S: Final = 60


@dataclass(frozen=True, slots=True)
class Month:
    """One month's index of articles."""

    name: str
    """`2026.11`."""
    index: str
    """What it is called behind its alias, if `warraq reindex` has built it anew."""
    articles: int
    bytes: int


class Expiry:
    """Count and remove."""

    def __init__(self, client: Elasticsearch, ledger: str = LEDGER) -> None:
        self._client = client.options(request_timeout=REQUEST_S)
        self._ledger = ledger

    def older(self, index: str, before: datetime) -> tuple[int, int]:
        """Return how many documents of an index are older, and about how many bytes those are."""
        return self._weight(index, _older(index, before))

    def remove(self, index: str, before: datetime, most: int) -> int:
        """Delete up to so many of them; return how many."""
        answer = self._client.delete_by_query(
            index=index, query=_older(index, before), max_docs=most, conflicts="proceed", refresh=True
        )
        return int(answer["deleted"])

    def months(self) -> list[Month]:
        """Return the months of articles, oldest first."""
        behind = self._client.indices.get_alias(index=ALIAS)
        stats = self._client.indices.stats(index=ALIAS, metric=["docs", "store"])["indices"]
        found = []
        for index, one in behind.items():
            name = next((alias for alias in one["aliases"] if alias.startswith(ARTICLES)), index)
            size = stats[index]["primaries"]
            articles, size_b = size["docs"]["count"], size["store"]["size_in_bytes"]
            found.append(Month(name.removeprefix(ARTICLES), index, articles, size_b))
        return sorted(found, key=lambda month: month.name)

    def drop(self, month: Month) -> None:
        """Delete a month's index, and copies that a `warraq reindex` has left; harmless if it is gone."""
        copies = self._client.indices.get(
            index=f"{ARTICLE_KIND.rebuilt.removesuffix('*')}{month.name}", ignore_unavailable=True, features="aliases"
        )
        for index in sorted({month.index, *copies}):
            self._client.options(ignore_status=404).indices.delete(index=index)

    def records(self, which: Which) -> tuple[int, int]:
        """Return how many records of the ledger those are, and about how many bytes."""
        return self._weight(self._ledger, which.query())

    def _weight(self, index: str, query: Mapping[str, Any]) -> tuple[int, int]:
        self._client.indices.refresh(index=index)
        count = int(self._client.count(index=index, query=query)["count"])
        whole = self._client.indices.stats(index=index, metric=["docs", "store"])["_all"]["primaries"]
        return count, count * int(whole["store"]["size_in_bytes"]) // max(1, int(whole["docs"]["count"]))


def limit(index: str, before: datetime) -> str:
    """Return the value of the field by which an index ages, for a time."""
    match DATED[index]:
        case "day":
            return f"{before:%Y-%m-%d}"
        case "index":
            return f"{ARTICLES}{before:%Y.%m}"
        case _:
            return before.isoformat()


def _older(index: str, before: datetime) -> dict[str, Any]:
    return {"range": {DATED[index]: {"lt": limit(index, before)}}}
