"""Spans cover all ids once, and the split of the ledger fits its shards."""

from hashlib import md5
from itertools import pairwise

import pytest

from workers.store.spans import SPACE, spans
from workers.store.split import misfit

FIRST, LAST = f"{0:032x}", f"{SPACE - 1:032x}"


@pytest.mark.parametrize("share", [1e-9, 0.001, 0.3, 1.0, 1500.0])
@pytest.mark.parametrize("after", ["", FIRST, f"{SPACE // 3:032x}", LAST])
def test_spans_follow_each_other_to_the_end(after: str, share: float) -> None:
    found = list(spans(after, share))
    assert all(one[1] == other[0] for one, other in pairwise(found))
    assert len(found) < 30
    if after == LAST:
        assert found == []
    else:
        assert (found[0][0], found[-1][1]) == (after, LAST)
        assert all(beyond < end for beyond, end in found)


def test_a_span_has_about_as_many_as_it_should() -> None:
    ids = sorted(md5(str(number).encode(), usedforsecurity=False).hexdigest() for number in range(20_000))
    beyond, end = next(spans(ids[3000], 750 / 20_000))
    assert 600 < sum(beyond < one <= end for one in ids) < 900


@pytest.mark.parametrize("wanted", [1, 3, 0, 6])
def test_a_number_of_shards_that_does_not_fit_is_refused(wanted: int) -> None:
    assert "2, 4, 8" in misfit(1, wanted)
    assert misfit(2, 4) == misfit(1, 8) == misfit(3, 6) == ""
    assert "4, 8, 16" in misfit(2, 3)
