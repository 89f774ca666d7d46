"""Which articles find each other: the same ones, whichever of the two came later."""

from ingest.stories.fingerprint import ASKED, ASKED_OPENING, SHARED, links
from ingest.stories.sampled import Sampled
from ingest.stories.shingles import unpacked
from tests.unit.ingest.stories.texts import prose, told

LONG = prose(1, 2000)


def test_few_samples_of_a_long_text_are_asked_for_those_of_its_beginning_among_them() -> None:
    one = told("a", " ".join(LONG))
    assert len(one.shingles) > 400
    assert ASKED < len(one.asked()) <= ASKED + ASKED_OPENING
    assert set(one.asked()) <= set(one.shingles)
    opening = {f"{shingle:08x}" for shingle in unpacked(one.opening)}
    assert len(opening.intersection(one.asked())) >= min(ASKED_OPENING, len(opening.intersection(one.shingles)))


def test_what_only_one_of_two_would_find_is_linked_by_neither() -> None:
    long = told("a", " ".join(LONG))
    met: set[tuple[bool, bool]] = set()
    for start in range(0, 1900, 20):
        part = told("b", " ".join(LONG[start : start + 60]))
        finds = tuple(
            len(set(one.asked()) & set(other.shingles)) >= SHARED for one, other in ((long, part), (part, long))
        )
        met.add((finds[0], finds[1]))
        assert [bool(links(long, [part])), bool(links(part, [long]))] == [all(finds)] * 2
    assert met >= {(True, True), (False, True)}


def test_a_batch_finds_its_own_by_the_samples_that_are_asked_for() -> None:
    batch = Sampled()
    one, copy, other = (told(key, " ".join(prose(seed))) for key, seed in (("a", 1), ("b", 1), ("c", 2)))
    batch.add(one)
    batch.add(other)
    assert batch.alike(copy) == [one]
