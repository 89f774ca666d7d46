"""Fingerprints of a corpus and their links: as the pipeline finds them, and of every pair, compared exactly."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from math import log
from typing import Any

from ingest.stories.agencies import agencies_of
from ingest.stories.fingerprint import SHARED, About, Fingerprint, fingerprint, links
from ingest.stories.relation import ALIKE
from workers.store.candidates import MOST

Pair = tuple[str, str]


class Memory:
    """Fingerprints that share samples, the most alike first."""

    def __init__(self) -> None:
        self.known: dict[str, Fingerprint] = {}
        self._by_sample: dict[str, list[str]] = defaultdict(list)

    def alike(self, fresh: Fingerprint) -> list[Fingerprint]:
        """Return what Elasticsearch would: the articles that share samples, those that share rare ones first."""
        holders = [found for one in fresh.asked() if (found := self._by_sample.get(one))]
        shared = Counter(other for found in holders for other in found)
        scores: dict[str, float] = defaultdict(float)
        for found in holders:
            rare = log(1 + len(self.known) / len(found))
            for other in found:
                scores[other] += rare
        best = sorted((other for other, count in shared.items() if count >= SHARED), key=lambda other: -scores[other])
        return [self.known[other] for other in best[:MOST]]

    def add(self, fresh: Fingerprint) -> None:
        """Take in a fingerprint."""
        self.known[fresh.id] = fresh
        for one in fresh.shingles:
            self._by_sample[one].append(fresh.id)


def printed(row: Mapping[str, Any], signed: tuple[str, ...]) -> Fingerprint:
    """Return the fingerprint of an article, given who signs it."""
    at = datetime.fromisoformat(row["date_extracted"]).replace(tzinfo=UTC)
    agencies = agencies_of(signed, row["content"], row["source"])
    return fingerprint(
        About(row["url"], "news", 1, row["source"], at, signed, agencies), row["title"] or "", row["content"]
    )


def linked(prints: Iterable[Fingerprint]) -> dict[str, Fingerprint]:
    """Return articles that came one after the other, each with its links to those before it."""
    memory = Memory()
    for one in prints:
        memory.add(replace(one, links=links(one, memory.alike(one))))
    return memory.known


def exact(prints: Sequence[Fingerprint]) -> dict[Pair, tuple[float, float]]:
    """Return Jaccard index and containment of every pair of two sources that share a shingle, all of them compared."""
    by_shingle: dict[int, list[int]] = defaultdict(list)
    texts = [one.text() for one in prints]
    found: dict[Pair, tuple[float, float]] = {}
    for number, one in enumerate(prints):
        shared = Counter(other for shingle in texts[number].shingles for other in by_shingle[shingle])
        for other, count in shared.items():
            shorter, longer = sorted((one.size, prints[other].size))
            if prints[other].publisher != one.publisher and (count >= ALIKE * shorter):
                found[prints[other].id, one.id] = count / (shorter + longer - count), count / shorter
        for shingle in texts[number].shingles:
            by_shingle[shingle].append(number)
    return found


def recall(known: Mapping[str, Fingerprint], truth: Iterable[Pair]) -> float:
    """Return the share of pairs that are linked."""
    pairs = list(truth)
    have = {(one.id, each.id) for one in known.values() for each in one.links}
    return sum((a, b) in have or (b, a) in have for a, b in pairs) / max(1, len(pairs))
