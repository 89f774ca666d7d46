"""The articles of a batch by their samples: each is compared with those that came before it in the same batch."""

from collections import Counter, defaultdict

from ingest.stories.fingerprint import SHARED, Fingerprint


class Sampled:
    """Fingerprints, found by the samples they share as Elasticsearch finds those that it has."""

    def __init__(self) -> None:
        self._known: dict[str, Fingerprint] = {}
        self._by_sample: dict[str, list[str]] = defaultdict(list)

    def add(self, one: Fingerprint) -> None:
        """Take in a fingerprint."""
        self._known[one.id] = one
        for sample in one.shingles:
            self._by_sample[sample].append(one.id)

    def alike(self, one: Fingerprint) -> list[Fingerprint]:
        """Return those that have enough of the samples that this one asks for, in the order in which they came."""
        shared = Counter(other for sample in one.asked() for other in self._by_sample.get(sample, ()))
        return [self._known[other] for other, count in shared.items() if count >= SHARED]
