"""The stories of several articles in Elasticsearch. Derived from the fingerprints."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from elasticsearch import Elasticsearch, NotFoundError

from ingest.document import STORIES, STORY
from ingest.stories.story import Story
from workers.store.bulk import CONFLICT, ItemError, Write, is_found, send
from workers.store.fingerprints import taken
from workers.store.hits import pages


class Stories:
    """Read, list, write and remove stories."""

    def __init__(self, client: Elasticsearch, index: str = STORIES) -> None:
        self._client = client
        self._index = index

    def get_many(self, ids: Sequence[str]) -> dict[str, Story]:
        """Return those of the stories that exist, by id."""
        if not ids:
            return {}
        docs = self._client.mget(index=self._index, ids=list(ids))["docs"]
        return {doc["_id"]: STORY.validate_python(doc["_source"]) for doc in docs if is_found(doc, "story")}

    def with_members(self, articles: Sequence[str]) -> list[Story]:
        """Return the stories that list any of some articles."""
        found = pages(self._client, self._index, {"terms": {"members": list(articles)}}, ["id"])
        return [STORY.validate_python(hit["_source"]) for hits in found for hit in hits]

    def of_day(self, day: str, size: int, zone: str = "UTC") -> list[Story]:
        """Return the largest stories that began on a day (`2026-07-01`) of a zone, by independent publishers."""
        answer = self._client.search(
            index=self._index,
            query={"range": {"first_at": {"gte": day, "lte": day, "time_zone": zone}}},
            sort=[{"publishers": "desc"}, {"articles": "desc"}, {"first_at": "asc"}, {"id": "asc"}],
            size=size,
        )
        return [STORY.validate_python(hit["_source"]) for hit in answer["hits"]["hits"]]

    def write(self, stories: Sequence[Story], now: datetime) -> None:
        """Write stories; a write that comes late stays behind. Raises ItemError if one cannot be taken now.

        Only who holds the lock writes, so where the clock has been set back, they go over the version that is there.
        """
        version = int(now.timestamp() * 1000)
        if (behind := self._behind(stories, {one.id: version for one in stories})) and (
            still := self._behind(behind, {one.id: version for one in behind} | self._versions(behind))
        ):
            raise ItemError(f"story {still[0].id}: something newer is there")

    def _behind(self, stories: Sequence[Story], versions: Mapping[str, int]) -> list[Story]:
        """Write stories in some versions; return those whose version was not high enough."""
        writes = [
            Write(self._index, one.id, STORY.dump_python(one, mode="json"), versions[one.id], "external_gte")
            for one in stories
        ]
        answers = list(zip(stories, send(self._client, writes), strict=True))
        for one, answer in answers:
            taken(f"story {one.id}", answer)
        return [one for one, answer in answers if answer.status == CONFLICT]

    def _versions(self, stories: Sequence[Story]) -> dict[str, int]:
        docs = self._client.mget(index=self._index, ids=[one.id for one in stories], source=False)["docs"]
        return {doc["_id"]: doc["_version"] for doc in docs if is_found(doc, "story")}

    def remove(self, ids: Sequence[str]) -> None:
        """Remove stories that have become one with others."""
        for key in ids:
            try:
                self._client.delete(index=self._index, id=key)
            except NotFoundError:
                continue

    def refresh(self) -> None:
        """Make everything written so far visible to searches."""
        self._client.indices.refresh(index=self._index)
