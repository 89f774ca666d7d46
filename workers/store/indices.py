"""The kinds of indices: settings, aliases and rights of each; its fields are declared in `ingest.document.MAPPINGS`.

Templates, set-up, the keys' rights and `reindex` follow this table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from ingest.document import (
    ALIAS,
    ARTICLE_INDICES,
    FINGERPRINTS,
    LEDGER,
    MAPPINGS,
    REVISIONS,
    SOURCES,
    STORIES,
    TALLIES,
    TOMBSTONES,
)
from workers.store.analysis import analysis

PLAIN_QUERY: Final = ("title", "body", "caption")
"""What `news/_search?q=…` searches, which names no field."""
WRITE: Final = ("read", "index", "maintenance", "view_index_metadata")
"""To the writer key a document is there to stay: `index` lets it add and replace, not delete."""
DELETE: Final = ("delete",)


@dataclass(frozen=True, slots=True)
class IndexKind:
    """One index, or one for each month."""

    name: str
    monthly: bool = False
    """Whether there is one for each month, made by whoever writes to it first."""
    aliases: tuple[str, ...] = ()
    """Further names, under which all months are one."""
    shards: int = 1
    grows: bool = False
    """Whether `warraq ledger split` gives it more shards, and another name behind its alias."""
    refresh_s: int | None = None
    """Seconds until what is written shows in searches; None: Elasticsearch's own, a second."""
    arabic: bool = False
    """Whether its fields use the analyzers of deploy/elasticsearch."""
    writer: tuple[str, ...] = WRITE
    """What the writer key may do with it."""
    retention: tuple[str, ...] = ()
    """What the retention key may do with it besides reading."""
    readable: bool = True
    """Whether the reader key sees it."""

    @property
    def pattern(self) -> str:
        """The name of the index, or what the names of the monthly ones look like."""
        return f"{self.name}-*" if self.monthly else self.name

    @property
    def names(self) -> tuple[str, ...]:
        """All names that a right must cover; what was built anew has another one behind its alias."""
        return (self.pattern, *((self.rebuilt,) if self.monthly or self.grows else ()), *self.aliases)

    @property
    def rebuilt(self) -> str:
        """What the names of indices look like that were built anew."""
        return self.pattern.replace("news-", "news-v*-", 1)

    def index(self, now: datetime) -> str:
        """Return the index that is written to at a time."""
        return f"{self.name}-{now:%Y.%m}" if self.monthly else self.name

    @property
    def mapping(self) -> Mapping[str, Any]:
        """The strict mapping of its declared fields."""
        return MAPPINGS[self.name]

    def settings(self) -> dict[str, Any]:
        """Return its settings; the articles' hold the analyzers."""
        made: dict[str, Any] = {"number_of_shards": self.shards, "auto_expand_replicas": "0-1"}
        if self.refresh_s is not None:
            made |= {"refresh_interval": f"{self.refresh_s}s"}
        if self.arabic:
            made |= {"analysis": analysis(), "query": {"default_field": list(PLAIN_QUERY)}}
        return made


INDICES: Final[tuple[IndexKind, ...]] = (
    IndexKind(
        ARTICLE_INDICES,
        monthly=True,
        aliases=(ALIAS,),
        arabic=True,
        writer=(*WRITE, "create_index"),
        retention=("delete_index",),
    ),
    # Who searches the ledger for an answer that must be fresh refreshes it first; every second, that costs as much as
    # the articles' own refresh.
    IndexKind(LEDGER, grows=True, refresh_s=5, retention=("index",)),
    IndexKind(SOURCES, writer=("read", "write", "maintenance", "view_index_metadata")),  # they may be removed
    IndexKind(TALLIES, retention=DELETE),
    # Searched by the grouping alone, which refreshes it when it must.
    IndexKind(FINGERPRINTS, refresh_s=30, retention=DELETE),
    IndexKind(  # two become one: one goes
        STORIES, writer=("read", "write", "maintenance", "view_index_metadata"), retention=DELETE
    ),
    IndexKind(REVISIONS, arabic=True, retention=DELETE),
    # Only the operator writes: a worker that is taken over must not be able to bring back what was forgotten.
    IndexKind(TOMBSTONES, writer=("read", "view_index_metadata"), readable=False),
)
ARTICLE_KIND: Final = INDICES[0]
