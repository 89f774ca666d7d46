"""What people call a source, by its id; one that was removed is known by its articles alone."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from ingest.urls import INLINE

if TYPE_CHECKING:  # the desk, which loads nothing that it does not use, asks too
    from workers.store.ledger import Ledger
    from workers.store.sources import Sources


def names(sources: "Sources") -> dict[str, str]:
    """Return the names of all sources, or the addresses of those without one, by id."""
    return {source.id: source.name or source.url for source, _ in sources.all()}


def hosts(ledger: "Ledger", source_ids: Collection[str]) -> dict[str, str]:
    """Return the host of all articles that a source listed, by its id; sources of several hosts have none."""
    if not source_ids:
        return {}
    found: dict[str, set[str]] = {}
    for source, lane in ledger.grouped({"terms": {"source_id": sorted(source_ids)}}, "source_id", "lane"):
        found.setdefault(source, set()).update({lane} - {INLINE})
    return {source: min(lanes) for source, lanes in found.items() if len(lanes) == 1}


def with_removed(there: Mapping[str, str], ledger: "Ledger", source_ids: Collection[str]) -> dict[str, str]:
    """Return the names of `there`, and what to call those of `source_ids` that are there no more, by id."""
    gone = set(source_ids) - there.keys()
    host = hosts(ledger, gone)
    return {**there, **{one: removed(one, host.get(one, "")) for one in gone}}


def removed(source_id: str, host: str = "") -> str:
    """Return what to call a source that is there no more; `host` is that of its articles, if all are of one."""
    return f"removed source {source_id[:12]}{f' ({host})' if host else ''}"
