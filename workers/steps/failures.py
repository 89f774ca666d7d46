"""What did not get in, and why: counted, or one by one."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ingest.ledger.record import Record, State
from workers.steps.source_names import names, with_removed
from workers.steps.summary import Summary, summarized
from workers.store.selection import Selection

if TYPE_CHECKING:  # the desk, which has no runtime, knows its words too
    from workers.runtime import Runtime

AT_ONCE: Final = 1000
ENDS: Final = (State.FAILED, State.REJECTED)


@dataclass(frozen=True, slots=True)
class Group:
    """Articles that ended alike."""

    state: str
    stage: str
    reason: str
    source_id: str
    source: str
    """The source's name; once it has been removed, the first digits of its id, and the host of its articles."""
    articles: int


def groups(rt: "Runtime", *, which: Selection) -> list[Group]:
    """Return how many articles ended in each way, for each source; counted by Elasticsearch, however many they are."""
    rt.ledger.refresh()
    counts = rt.ledger.grouped(which.query(), "state", "stage", "reason", "source_id")
    called = with_removed(names(rt.sources), rt.ledger, {source for *_, source in counts})
    return [
        Group(state, stage, reason, source, called[source], count)
        for (state, stage, reason, source), count in sorted(counts.items())
    ]


def newest(rt: "Runtime", *, which: Selection, size: int) -> list[Summary]:
    """Return the articles that ended last, those that ended first first."""
    rt.ledger.refresh()
    found: list[Record] = []
    while len(found) < size:
        page = rt.ledger.page(
            which, after=found[-1] if found else None, size=min(AT_ONCE, size - len(found)), newest=True
        )
        if not page:
            break
        found += page
    return [Summary(**summarized(record)) for record in reversed(found)]
