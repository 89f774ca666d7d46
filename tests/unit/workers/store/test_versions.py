"""Two indices compared: every difference is found, and every id lies in one range."""

from itertools import count, pairwise, repeat

import pytest

from workers.store.versions import RANGE, Difference, differences, ranges


def test_streams_are_read_no_further_than_needed() -> None:
    old, new = (zip(map("{:09}".format, count()), repeat(version), strict=False) for version in (1, 2))
    assert next(differences(old, new)) == Difference("000000000", 1, 2)


@pytest.mark.parametrize(("documents", "parts"), [(0, 1), (RANGE, 1), (RANGE + 1, 16), (16 * RANGE, 16), (10**6, 256)])
def test_ranges_have_about_a_page(documents: int, parts: int) -> None:
    found = ranges(documents)
    assert len(found) == parts
    assert (found[0][0], found[-1][1]) == ("", "")
    assert all(low < high for low, high in found if high)
    assert all(one[1] == other[0] for one, other in pairwise(found))
