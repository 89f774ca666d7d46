"""The sources in Elasticsearch, each with how its last poll went."""

import random
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from itertools import chain
from typing import Any, Final

import structlog
from elasticsearch import Elasticsearch, NotFoundError
from pydantic import ValidationError

from ingest.document import POLL, SOURCE, SOURCES
from ingest.model import Source
from ingest.polling import polls
from ingest.polling.poll import Poll
from workers.store.bulk import is_found
from workers.store.hits import pages
from workers.store.records import in_words
from workers.ttl_cache import TTLCache

log = structlog.get_logger()

QUIET: Final[Mapping[str, Any]] = {
    "bool": {
        "filter": [{"exists": {"field": "quiet_since"}}, {"exists": {"field": "due_at"}}],
        "must_not": {"term": {"paused": True}},
    }
}

CONFLICTS: Final = 5
"""Tries of a change that others change the same source meanwhile: polls, editors."""

Voice = tuple[str, float | None]
"""A source's owner ('' if none is named), and the usual seconds between two entries (None: it has no rhythm)."""
NO_VOICE: Final[Voice] = "", None


def next_poll(source: Source, last: Poll, now: datetime) -> datetime | None:
    """Return when a source is next due, with jitter; see polls.next_poll."""
    return polls.next_poll(source, last, now, random.random())  # noqa: S311  # spread, no secret


def voice_of(source: Source | None, poll: Poll) -> Voice:
    """Return a source's voice; it has no rhythm if it is not polled (a file, an archive), or not there any more."""
    if source is None or not source.interval_s or not source.since_days:
        return (source.owner if source else ""), None
    return source.owner, poll.rhythm.usual_s or poll.rhythm.gap_s


class Sources:
    """Put, get, list and remove sources, and record how polls went."""

    def __init__(self, client: Elasticsearch, index: str = SOURCES) -> None:
        self._client = client
        self._index = index
        self._brief: TTLCache[Source] = TTLCache()
        self._voices: TTLCache[Voice] = TTLCache()

    def put(self, source: Source) -> None:
        """Add a source or change its declaration; what is known about its polls stays."""
        fields = SOURCE.dump_python(source, mode="json")
        self._client.update(
            index=self._index, id=source.id, doc=fields, doc_as_upsert=True, refresh=True, retry_on_conflict=CONFLICTS
        )
        self._brief.drop(source.id)

    def get(self, source_id: str) -> Source | None:
        """Return a source, at most a minute old because every article asks for it, or None."""
        if (known := self._brief.get(source_id)) is not None:
            return known
        found = self._get(source_id)
        return self._brief.put(source_id, _source(found)) if found else None

    def voices(self, source_ids: Collection[str]) -> dict[str, Voice]:
        """Return the voices of some sources, a minute old at most: one request for all that are not known."""
        known = {key: voice for key in source_ids if (voice := self._voices.get(key)) is not None}
        if unknown := sorted(set(source_ids) - known.keys() - {""}):
            docs = self._client.mget(index=self._index, ids=unknown)["docs"]
            for key, doc in zip(unknown, docs, strict=True):
                found = (_source(doc["_source"]), _poll(doc["_source"])) if is_found(doc, "source") else (None, Poll())
                known[key] = self._voices.put(key, voice_of(*found))
        return {key: known.get(key, NO_VOICE) for key in source_ids}

    def polled(self, source_id: str) -> tuple[Source, Poll] | None:
        """Return the current version of a source with its last poll, or None."""
        found = self._get(source_id)
        return (_source(found), _poll(found)) if found else None

    def poll_of(self, source_id: str) -> Poll:
        """Return how its last poll went."""
        return _poll(self._get(source_id) or {})

    def all(self) -> list[tuple[Source, Poll]]:
        """Return every source with its last poll, by name. Raises, not returning fewer, while a shard is missing."""
        return _readable(chain.from_iterable(pages(self._client, self._index, None, ["name", "url"])))

    def quiet(self) -> list[tuple[Source, Poll]]:
        """Return the quiet ones of the sources that are polled with their last polls, the longest silence first."""
        return _readable(chain.from_iterable(pages(self._client, self._index, QUIET, ["quiet_since", "url"])))

    def note(self, source_id: str, poll: Poll) -> bool:
        """Record how a poll went. False if the source is there no more, as of all that changes one."""
        return self._change(source_id, POLL.dump_python(poll, mode="json"), refresh=False)

    def end_round(self, source_id: str) -> bool:
        """Let the next poll begin anew, with the source's own listing."""
        return self._change(source_id, {"further": []}, refresh=False)

    def locate(self, source: Source) -> bool:
        """Change where a source's listing is, and of what kind; all else stays as people have it by now."""
        return self._change(source.id, {"url": source.url, "kind": source.kind, "home": source.home}, refresh=True)

    def pause(self, source_id: str, *, paused: bool) -> bool:
        """Change whether a source is paused."""
        return self._change(source_id, {"paused": paused}, refresh=True)

    def remove(self, source_id: str) -> bool:
        """Remove a source; its articles stay. False if it was not there."""
        try:
            self._client.delete(index=self._index, id=source_id, refresh=True)
        except NotFoundError as error:
            _raise_if_index_is_gone(error)
            return False
        return True

    def _change(self, source_id: str, fields: Mapping[str, Any], *, refresh: bool) -> bool:
        """Change some fields of a source, whoever changes others at the same time; False if it is there no more."""
        self._brief.drop(source_id)
        try:
            self._client.update(
                index=self._index, id=source_id, doc=fields, refresh=refresh, retry_on_conflict=CONFLICTS
            )
        except NotFoundError as error:
            if error.error != "document_missing_exception":
                raise
            return False
        return True

    def _get(self, source_id: str) -> dict[str, Any] | None:
        try:
            return dict(self._client.get(index=self._index, id=source_id)["_source"])
        except NotFoundError as error:
            _raise_if_index_is_gone(error)
            return None


def _raise_if_index_is_gone(error: NotFoundError) -> None:
    """Tell a source that is not there from an index that is not: while a snapshot is restored, no source is removed."""
    if "error" in error.body:
        raise error


def _readable(hits: Iterable[dict[str, Any]]) -> list[tuple[Source, Poll]]:
    """Return the sources of hits with their last polls; one that a person or another version has spoilt is left out."""
    found = []
    for hit in hits:
        try:
            found.append((_source(hit["_source"]), _poll(hit["_source"])))
        except ValidationError as error:
            log.error("source_unreadable", id=hit["_id"], detail=in_words(error))  # noqa: TRY400  # pydantic's trace
    return found


def _source(found: dict[str, Any]) -> Source:
    return SOURCE.validate_python({name: found[name] for name in Source.__dataclass_fields__ if name in found})


def _poll(found: dict[str, Any]) -> Poll:
    return POLL.validate_python({name: found[name] for name in Poll.__dataclass_fields__ if name in found})
