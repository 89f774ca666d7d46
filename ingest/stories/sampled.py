"""Articles by their samples, in memory: those of a batch, and of the batches before that searches do not show yet."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from ingest.stories.fingerprint import SHARED, Fingerprint


class Sampled:
    """Fingerprints, found by the samples they share as Elasticsearch finds those that it has."""

    def __init__(self) -> None:
        self._known: dict[str, Fingerprint] = {}
        self._by_sample: dict[str, list[str]] = defaultdict(list)

    def __contains__(self, key: str) -> bool:
        return key in self._known

    @property
    def size(self) -> int:
        """Shingles of all of them."""
        return sum(one.size for one in self._known.values())

    def drop(self, ids: Iterable[str]) -> None:
        """Forget some: their articles are compared again."""
        for key in ids:
            self._known.pop(key, None)

    def add(self, one: Fingerprint) -> None:
        """Take in a fingerprint."""
        self._known[one.id] = one
        for sample in one.shingles:
            self._by_sample[sample].append(one.id)

    def alike(self, one: Fingerprint) -> list[Fingerprint]:
        """Return those that have enough of the samples that this one asks for, in the order in which they came."""
        shared = Counter(other for sample in one.asked() for other in self._by_sample.get(sample, ()))
        return [self._known[other] for other, count in shared.items() if count >= SHARED and other in self._known]
