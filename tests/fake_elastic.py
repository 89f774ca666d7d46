"""A small Elasticsearch in memory: bulk, get and mget with the real server's versions and answers, item by item.

`verdicts` makes it answer for single items as an overloaded, blocked or unready server does; `break_off` lets it do
the work and lose the answer. `tests/contract/test_verdicts.py` holds it equal to the real one.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from elastic_transport import ApiResponseMeta, ConnectionTimeout, HttpHeaders, NodeConfig
from elasticsearch import ApiError, NotFoundError

from ingest.document import ARTICLES

ERRORS = {
    400: ("document_parsing_exception", "failed to parse field [words]"),
    403: ("cluster_block_exception", "index blocked by: [FORBIDDEN/8/index write (api)]"),
    404: ("index_not_found_exception", "no such index"),
    409: ("version_conflict_engine_exception", "version conflict"),
    429: ("es_rejected_execution_exception", "rejected execution of coordinating operation"),
    503: ("unavailable_shards_exception", "primary shard is not active"),
}
Stored = tuple[int, dict[str, Any]]


@dataclass
class Faults:
    """A client whose bulk can be made to fail, for one item or whole; what is not made to fail really happens."""

    verdicts: dict[tuple[str, str], int | None] = field(default_factory=dict)
    """Statuses by (`document` or `record`, id) instead of a write; None = written, but the answer ends before it."""
    break_off: int = 0
    """So many bulks do their work, and their connection is cut before the answer."""
    heavier_than: int = 10**9
    """Bulks of more bytes are refused whole, with 413."""
    bulks: list[int] = field(default_factory=list)
    """How many items each bulk had."""

    def options(self, **_: object) -> Self:
        return self

    def bulk(self, operations: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        pairs = list(zip(operations[::2], operations[1::2], strict=True))
        self.bulks.append(len(pairs))
        if len(json.dumps(operations, ensure_ascii=False).encode()) > self.heavier_than:
            raise ApiError("too_large", meta_of(413), {})
        verdicts = [self._verdict(action) for action, _ in pairs]
        passed = [pair for pair, verdict in zip(pairs, verdicts, strict=True) if not verdict]
        written = iter(self.passed_on(passed) if passed else [])
        items = [
            {name: _told(meta["_id"], verdict)} if verdict else next(written)
            for ((name, meta),), verdict in zip((action.items() for action, _ in pairs), verdicts, strict=True)
        ]
        if self.break_off:
            self.break_off -= 1
            raise ConnectionTimeout("15 s")
        return {"items": items[: verdicts.index(None)] if None in verdicts else items}

    def passed_on(self, pairs: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> list[dict[str, Any]]:
        raise NotImplementedError

    def _verdict(self, action: Mapping[str, Any]) -> int | None:
        ((_, meta),) = action.items()
        kind = "document" if meta["_index"].startswith(ARTICLES) else "record"
        return self.verdicts.get((kind, meta["_id"]), 0)


@dataclass
class FaultyElastic(Faults):
    """The real server, with faults."""

    client: Any = None

    def passed_on(self, pairs: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> list[dict[str, Any]]:
        return list(self.client.bulk(operations=[line for pair in pairs for line in pair])["items"])

    def __getattr__(self, name: str) -> Any:
        return getattr(self.client, name)


@dataclass
class FakeElastic(Faults):
    """Documents by index and id, each with its version."""

    names: dict[str, dict[str, Stored]] = field(default_factory=dict)

    @property
    def indices(self) -> Self:
        return self

    def exists(self, index: str) -> bool:
        return index in self.names

    def create(self, index: str) -> None:
        self.names.setdefault(index, {})

    def indexed(self, index: str) -> dict[str, Stored]:
        return self.names.setdefault(index, {})

    def passed_on(self, pairs: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> list[dict[str, Any]]:
        return [
            {name: _told(meta["_id"], self._write(name, meta, dict(source)))}
            for action, source in pairs
            for name, meta in action.items()
        ]

    def get(self, index: str, id: str) -> dict[str, Any]:  # noqa: A002  # the client's name for it
        found = self._found(index, id)
        if not found["found"]:
            raise NotFoundError("not_found", meta_of(404), found)
        return found

    def mget(
        self, docs: Sequence[Mapping[str, Any]] = (), index: str = "", ids: Sequence[str] = (), **_: object
    ) -> dict[str, list[dict[str, Any]]]:
        asked = [(one["_index"], one["_id"]) for one in docs] or [(index, key) for key in ids]
        return {"docs": [self._found(*one) for one in asked]}

    def delete(self, index: str, id: str) -> None:  # noqa: A002  # the client's name for it
        if self.indexed(index).pop(id, None) is None:
            raise NotFoundError("not_found", meta_of(404), {"found": False})

    def _found(self, index: str, key: str) -> dict[str, Any]:
        if index.startswith(ARTICLES) and index not in self.names:
            return {"_id": key, "error": {"type": ERRORS[404][0], "reason": ERRORS[404][1]}}
        stored = self.indexed(index).get(key)
        return (
            {"_id": key, "found": False}
            if stored is None
            else {"_id": key, "found": True, "_version": stored[0], "_source": stored[1]}
        )

    def _write(self, name: str, meta: Mapping[str, Any], source: dict[str, Any]) -> int:
        """Write unless the version is against it; return the status."""
        key, kept = meta["_id"], self.indexed(meta["_index"])
        old = kept[key][0] if key in kept else None
        if old is not None and (name == "create" or not _is_newer(meta, old)):
            return 409
        kept[key] = int(meta.get("version", 1)), source
        return 200 if old else 201


def meta_of(status: int) -> ApiResponseMeta:
    """What the client's errors carry beside their answer."""
    return ApiResponseMeta(status, "1.1", HttpHeaders(), 0.0, NodeConfig("http", "fake", 9200))


def _is_newer(meta: Mapping[str, Any], old: int) -> bool:
    version = int(meta["version"])
    return version >= old if meta["version_type"] == "external_gte" else version > old


def _told(key: str, status: int) -> dict[str, Any]:
    if status not in ERRORS:
        return {"_id": key, "status": status}
    kind, reason = ERRORS[status]
    return {"_id": key, "status": status, "error": {"type": kind, "reason": reason}}
