"""What the desk reads from Elasticsearch. Its key can only read, so nothing here refreshes or writes."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from elasticsearch import Elasticsearch

from ingest.desk import request
from ingest.desk.asked import PER_PAGE, Asked
from ingest.desk.completions import beginnings
from ingest.desk.meant import alike, suggester
from ingest.desk.readable import readable
from ingest.desk.request import NEWEST
from ingest.desk.span import Span
from ingest.document import ALIAS, REVISION, REVISIONS
from ingest.revisions.revision import Revision
from workers.desk.answers import LibraryError, is_partial, readable_hits
from workers.store.articles import HIGHLIGHT, MARKS
from workers.store.documents import Documents
from workers.store.fingerprints import Fingerprints
from workers.store.ledger import Ledger
from workers.store.revisions import Revisions
from workers.store.sources import Sources
from workers.store.stories import Stories
from workers.ttl_cache import TTLCache

KEPT: Final = "2m"
"""How long Elasticsearch keeps a moment for somebody who reads slowly."""
PORTION: Final = 500
EVERY: Final = ({"published_at": {"order": "desc", "missing": "_last"}}, {"_shard_doc": "asc"})
NAMES: Final = 2_000
"""Hosts whose names are known."""
HEADLINES: Final = 40
LISTED: Final = (
    *("id", "url", "title", "summary", "site", "host", "section", "language", "direction", "authors", "agencies"),
    *(
        "published_at",
        "published_precision",
        "modified_at",
        "revised_at",
        "fetched_at",
        "story",
        "story_role",
        "revisions",
        "gone_at",
        "rights",
        "words",
    ),
)
"""What a list shows of an article."""
BEGINNING: Final = 180
"""Letters of a text that are shown where nothing in it matched."""
SNIPPETS: Final[Mapping[str, Any]] = {
    **HIGHLIGHT,
    "fields": {**HIGHLIGHT["fields"], "body": {**HIGHLIGHT["fields"]["body"], "no_match_size": BEGINNING}},
}
Answer = Mapping[str, Any]


class Library:
    """Articles, and what is known of them."""

    def __init__(self, client: Elasticsearch) -> None:
        self.client = client
        self.documents = Documents(client)
        self.fingerprints = Fingerprints(client)
        self.revisions = Revisions(client)
        self.sources = Sources(client)
        self.stories = Stories(client)
        self.ledger = Ledger(client)
        self._names: TTLCache[Mapping[str, str]] = TTLCache()

    def results(self, asked: Asked, within: Span, *, units: Any, zone: str) -> tuple[Answer, Answer]:  # noqa: ANN401  # bars.Unit
        """Return the hits of a page, and beside them the facets and the histogram."""
        highlight = {**SNIPPETS, **request.marks(asked)}
        page = {**request.hits(asked, within), "highlight": highlight, "_source": list(LISTED)}
        found, beside = self._both(page, request.beside(asked, within, units, zone))
        if not asked.each and any("story" not in hit["_source"] for hit in found["hits"]["hits"]):
            page.pop("collapse", None)  # documents of an earlier version, all of which would be one hit
            found, _ = self._both(page, {"size": 0})
        return {**found, "hits": {**found["hits"], "hits": readable_hits(found)}}, beside

    def hits(self, asked: Asked, within: Span) -> list[Answer]:
        """Return the hits of a page alone."""
        page = request.hits(asked, within) | {"size": PER_PAGE}
        start = page.pop("from")
        highlight = {**SNIPPETS, **request.marks(asked)}
        found = self.client.search(index=ALIAS, **page, from_=start, highlight=highlight, source_includes=list(LISTED))
        return readable_hits(found)

    def every(self, query: Mapping[str, Any]) -> Iterator[Answer]:
        """Yield all documents that a query finds, the newest first, without their texts: as they are at one moment."""
        point = self.client.open_point_in_time(index=ALIAS, keep_alive=KEPT)["id"]
        after = None
        try:
            while hits := (found := self._portion(query, point, after))["hits"]["hits"]:
                yield from (hit["_source"] for hit in readable_hits(found))
                point, after = found.get("pit_id", point), hits[-1]["sort"]
        finally:
            self.client.close_point_in_time(id=point)

    def _portion(self, query: Mapping[str, Any], point: str, after: Any) -> Any:  # noqa: ANN401  # the client's
        pit = {"id": point, "keep_alive": KEPT}
        return self.client.search(
            query=query,
            pit=pit,
            allow_partial_search_results=False,  # a file that lacks a month looks like one that has it
            sort=list(EVERY),
            size=PORTION,
            search_after=after,
            source_excludes=["body"],
            track_total_hits=False,
        )

    def told(self, asked: Asked, within: Span, stories: tuple[str, ...]) -> dict[str, int]:
        """Return how many articles of each story a search finds."""
        if not stories:
            return {}
        answer = self.client.search(index=ALIAS, **request.told(asked, within, stories))
        return {one["key"]: one["doc_count"] for one in answer["aggregations"]["story"]["buckets"]}

    def fresh(self, since: datetime, until: datetime, *, hosts: int, each: int) -> list[list[Answer]]:
        """Return the newest articles of a span, by host, those first that have the most."""
        newest = {"top_hits": {"size": each, "sort": list(NEWEST), "_source": list(LISTED)}}
        by_host = {"terms": {"field": "host", "size": hosts}, "aggs": {"newest": newest}}
        times = {"range": {"published_at": {"gte": since.isoformat(), "lt": until.isoformat()}}}
        found = self.client.search(index=ALIAS, size=0, query=times, aggs={"host": by_host})["aggregations"]["host"]
        return [readable_hits(one["newest"]) for one in found["buckets"]]

    def changes(self, since: datetime, until: datetime, kinds: Sequence[str], size: int) -> list[Revision]:
        """Return the last changes of some kinds in a span, the newest first."""
        seen = {"range": {"seen_at": {"gte": since.isoformat(), "lt": until.isoformat()}}}
        filters = [seen, {"terms": {"kinds": list(kinds)}}]
        hits = self.client.search(
            index=REVISIONS,
            size=size,
            query={"bool": {"filter": filters}},
            sort=[{"seen_at": "desc"}],
            source_excludes=["body"],
        )["hits"]["hits"]
        return [REVISION.validate_python(hit["_source"]) for hit in hits]

    def listed(self, ids: Sequence[str]) -> dict[str, Answer]:
        """Return what lists show of some articles, by id."""
        if not ids:
            return {}
        found = self.client.search(
            index=ALIAS, size=len(ids), query={"ids": {"values": list(ids)}}, source_includes=list(LISTED)
        )
        return {hit["_id"]: hit for hit in readable_hits(found)}

    def suggested(self, text: str) -> list[Answer]:
        """Return for each word of a text the words of the index that are like it."""
        return alike(self.client.search(index=ALIAS, size=0, suggest=suggester(text))["suggest"])

    def words_of(self, query: Mapping[str, Any]) -> list[str]:
        """Return the words that a query matches in its best article, as they are written there."""
        hits = self.client.search(index=ALIAS, size=1, query=query, highlight=HIGHLIGHT, source=False)["hits"]["hits"]
        texts = [text for hit in hits for texts in hit.get("highlight", {}).values() for text in texts]
        return [part.partition(MARKS[1])[0] for text in texts for part in text.split(MARKS[0])[1:]]

    def counts(self, queries: list[dict[str, Any]]) -> list[int]:
        """Return how many articles each query finds."""
        asked = [part for one in queries for part in ({}, {"query": one, "size": 0, "track_total_hits": True})]
        answers = self.client.msearch(index=ALIAS, searches=asked)["responses"] if asked else []
        return [one["hits"]["total"]["value"] if "hits" in one else 0 for one in answers]

    def headlines(self, begun: str) -> list[str]:
        """Return headlines with words that begin as a text does, with the article before its last word or without."""
        matches = [{"match": {"title.autocomplete": {"query": one, "operator": "and"}}} for one in beginnings(begun)]
        found = self.client.search(
            index=ALIAS, size=HEADLINES, query={"bool": {"should": matches}}, source_includes=["title"]
        )
        return [hit["_source"]["title"] for hit in readable_hits(found)]

    def article(self, key: str) -> dict[str, Any] | None:
        """Return an article's document, None if there is none. Raises LibraryError where it may be in what is away."""
        found = self.client.search(index=ALIAS, query={"ids": {"values": [key]}}, size=1)
        hits = found["hits"]["hits"]
        if not hits and is_partial(found):
            raise LibraryError(f"{key} may be in a shard that does not answer")
        return readable(hits[0]["_source"], key) if hits else None

    def names(self) -> Mapping[str, str]:
        """Return the names of sites by their hosts, as their pages give them; a minute old."""
        if (known := self._names.get("")) is not None:
            return known
        by_host = {"terms": {"field": "host", "size": NAMES}, "aggs": {"site": {"terms": {"field": "site", "size": 1}}}}
        found = self.client.search(index=ALIAS, size=0, aggs={"host": by_host})["aggregations"]["host"]["buckets"]
        named = {one["key"]: one["site"]["buckets"][0]["key"] for one in found if one["site"]["buckets"]}
        return self._names.put("", named)

    def _both(self, page: dict[str, Any], beside: dict[str, Any]) -> tuple[Answer, Answer]:
        answers = self.client.msearch(index=ALIAS, searches=[{}, page, {"request_cache": True}, beside])["responses"]
        for one in answers:
            if "error" in one:
                raise LibraryError(str(one["error"].get("reason", one["error"]))[:500])
        return answers[0], answers[1]
