"""Candidates: the fingerprints that share samples with new ones, and are compared with them exactly.

Two looks: how many fingerprints have each sample, then those of the articles of which two samples are known at all. Of
real news that is less than half, and of their samples a quarter: looking up what is not there was most of the work.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from elasticsearch import Elasticsearch

from ingest.document import FINGERPRINT
from ingest.stories.fingerprint import SHARED, Fingerprint, near
from ingest.stories.relation import APART, LEAST
from ingest.stories.shingles import LONGEST
from workers.store.bulk import ItemError
from workers.store.portions import by_weight

CANDIDATES: Final = 60
"""Articles that share samples with a new one and are read at once, the most alike first."""
MOST: Final = 480
"""Articles that are looked at in all. Only formula texts have so many; with 60, it depended on their order of arrival
which of them were linked: a short text finds the long one in which it stands, and the long one finds it far down."""
ROOM: Final = CANDIDATES * LONGEST
"""Shingles that all candidates in memory may have, if they are as long as who asks: those of one that has the most."""
TOGETHER: Final = 100
"""New articles whose samples are looked up in one request."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for one new article."""

    one: Fingerprint
    samples: Sequence[str]
    """Those of its samples that are known; none if they are too few to be asked for."""
    most: int
    """Candidates that may come at once."""

    def query(self) -> dict[str, Any]:
        """Return the query for what shares samples: rare ones weigh more, and Lucene skips frequent ones (WAND)."""
        near = {"range": {"at": {"gte": self.one.at - APART, "lte": self.one.at + APART}}}
        terms = [{"term": {"shingles": shingle}} for shingle in self.samples]
        return {"bool": {"should": terms, "minimum_should_match": SHARED, "filter": near}}


class Candidates:
    """Finds the candidates of new articles in the index of fingerprints."""

    def __init__(self, client: Elasticsearch, index: str) -> None:
        self._client = client
        self._index = index

    def alike(
        self, fresh: Sequence[Fingerprint], alive: Callable[[], None]
    ) -> Iterator[tuple[Fingerprint, list[Fingerprint]]]:
        """Yield each fingerprint with those that share samples with it, the most alike first."""
        for start in range(0, len(fresh), TOGETHER):
            alive()
            for portion in by_weight(self._questions(fresh[start : start + TOGETHER]), _weight, ROOM):
                alive()
                yield from zip([each.one for each in portion], self._answers(portion, alive), strict=True)

    def crowd(self, fresh: Sequence[Fingerprint], most: int) -> frozenset[str]:
        """Return the ids of those of which half of the samples are in `most` fingerprints, or more."""
        asked = {one.id: one.asked() for one in fresh if one.size >= LEAST}
        held = self._held(sorted({sample for samples in asked.values() for sample in samples}))
        common = {sample for sample, count in held.items() if count >= most}
        return frozenset(key for key, samples in asked.items() if 2 * len(common.intersection(samples)) >= len(samples))

    def _questions(self, fresh: Sequence[Fingerprint]) -> list[Question]:
        asked = [one.asked() if one.size >= LEAST else () for one in fresh]
        held = self._held(sorted({sample for samples in asked for sample in samples}))
        return [_question(one, samples, held) for one, samples in zip(fresh, asked, strict=True)]

    def _held(self, samples: Sequence[str]) -> dict[str, int]:
        """Return how many fingerprints have each of some samples, without those that none has.

        Asked as the terms of a document that is not there: a tenth of what searching for them takes.
        """
        if not samples:
            return {}
        answer = self._client.termvectors(
            index=self._index,
            doc={"shingles": samples},
            fields=["shingles"],
            term_statistics=True,
            field_statistics=False,
            offsets=False,
            payloads=False,
            positions=False,
            filter_path="term_vectors.shingles.terms.*.doc_freq",
        )
        terms = answer.body.get("term_vectors", {}).get("shingles", {}).get("terms", {})
        return {sample: one["doc_freq"] for sample, one in terms.items()}

    def _answers(self, portion: Sequence[Question], alive: Callable[[], None]) -> Iterator[list[Fingerprint]]:
        """Yield what is found for each; who stops at one has looked only for the first CANDIDATES of the others."""
        asked = [each for each in portion if each.samples]
        searches: list[Mapping[str, Any]] = [
            part
            for each in asked
            for part in ({}, {"query": each.query(), "size": CANDIDATES, "track_total_hits": False})
        ]
        answers = self._client.msearch(index=self._index, searches=searches)["responses"] if asked else []
        found = {each.one.id: answer for each, answer in zip(asked, answers, strict=True)}
        for each in portion:
            answer = found.pop(each.one.id, None)
            first = _hits(each.one, answer) if answer else []
            whole = answer is None or len(answer["hits"]["hits"]) < CANDIDATES
            yield first if whole else [*first, *self._further(each, alive)]

    def _further(self, each: Question, alive: Callable[[], None]) -> Iterator[Fingerprint]:
        """Yield what comes after the first CANDIDATES and may be one story with an article: the rest takes room."""
        for start in range(CANDIDATES, MOST, CANDIDATES):
            alive()
            answer = self._client.search(
                index=self._index, query=each.query(), size=CANDIDATES, from_=start, track_total_hits=False
            )
            yield from near(each.one, _hits(each.one, answer.body))
            if len(answer["hits"]["hits"]) < CANDIDATES:
                return


def _question(one: Fingerprint, asked: Sequence[str], held: Mapping[str, int]) -> Question:
    samples = [sample for sample in asked if sample in held]
    most = min(CANDIDATES, sum(held[sample] for sample in samples) // SHARED)
    return Question(one, samples, most) if len(samples) >= SHARED else Question(one, (), 0)


def _weight(each: Question) -> int:
    return each.most * each.one.size


def _hits(one: Fingerprint, answer: Mapping[str, Any]) -> list[Fingerprint]:
    if "error" in answer:
        raise ItemError(f"fingerprints like {one.id}: {answer['error'].get('reason')}")
    return [FINGERPRINT.validate_python(hit["_source"]) for hit in answer["hits"]["hits"] if hit["_id"] != one.id]
