"""Versions of articles in Elasticsearch: written before their documents, listed by article and by time."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from elasticsearch import Elasticsearch

from ingest.document import REVISION, REVISIONS
from ingest.revisions.revision import Revision
from workers.store.below import below
from workers.store.bulk import Write, send
from workers.store.hits import pages
from workers.store.outcomes import Outcome

MOST: Final = 10_000
"""Elasticsearch gives no more in one answer."""


class Revisions:
    """What was published, and what became of it."""

    def __init__(self, client: Elasticsearch, index: str = REVISIONS) -> None:
        self._client = client
        self._index = index

    def of(self, article_id: str, *, fresh: bool = True) -> list[Revision]:
        """Return an article's versions, oldest first; those of the last second only if `fresh`, which needs a right."""
        if fresh:
            self._client.indices.refresh(index=self._index)
        answer = self._client.search(
            index=self._index, query={"term": {"article_id": article_id}}, sort=["number"], size=MOST
        )
        return [_revision(hit) for hit in answer["hits"]["hits"]]

    def ids_of(self, articles: Sequence[str]) -> list[tuple[str, str]]:
        """Return the versions of some articles as (article's id, version's id), those of the last second left out."""
        query = {"terms": {"article_id": list(articles)}}
        found = pages(self._client, self._index, query, ["id"])
        return [(hit["_source"]["article_id"], hit["_id"]) for hits in found for hit in hits]

    def of_site(self, site: str) -> Iterator[list[str]]:
        """Yield the articles of a site and all below it that have versions, a page at a time."""
        for hits in pages(self._client, self._index, {"bool": {"should": below("host", site)}}, ["id"]):
            yield sorted({hit["_source"]["article_id"] for hit in hits})

    def blank(self, article_id: str, version: int) -> int:
        """Write over an article's versions with nothing; return how many had something."""
        told = [one for one in self.of(article_id) if one.title or one.body]
        blanks = [REVISION.dump_python(_blank(one), mode="json") for one in told]
        send(self._client, [Write(self._index, one["id"], one, version, "external_gte") for one in blanks])
        return len(told)

    def refresh(self) -> None:
        """Make everything written so far visible to searches."""
        self._client.indices.refresh(index=self._index)

    def since(self, at: datetime, kinds: Sequence[str] = (), sources: Sequence[str] = ()) -> Iterator[Revision]:
        """Yield the changes seen since a time, oldest first: of some kinds, sources or hosts, if any are named."""
        self._client.indices.refresh(index=self._index)
        filters: list[dict[str, Any]] = [
            {"range": {"seen_at": {"gte": at.isoformat()}}},
            {"range": {"number": {"gt": 0}}},
        ]
        if kinds:
            filters.append({"terms": {"kinds": list(kinds)}})
        if sources:
            either = [{"terms": {name: list(sources)}} for name in ("source_id", "host")]
            filters.append({"bool": {"should": either}})
        for hits in pages(self._client, self._index, {"bool": {"filter": filters}}, ["seen_at", "id"]):
            yield from map(_revision, hits)


def _blank(one: Revision) -> Revision:
    return Revision(one.id, one.article_id, one.number, one.kinds, one.seen_at, url="", title="")


def writes(outcomes: Sequence[Outcome]) -> list[tuple[int, Write]]:
    """Return the writes of versions of articles, each with its outcome's place."""
    return [
        (
            place,
            Write(REVISIONS, one.id, REVISION.dump_python(one, mode="json"), outcome.record.version, "external_gte"),
        )
        for place, outcome in enumerate(outcomes)
        for one in outcome.revisions
    ]


def _revision(hit: Any) -> Revision:  # noqa: ANN401  # the client's answers are untyped
    return REVISION.validate_python(hit["_source"])
