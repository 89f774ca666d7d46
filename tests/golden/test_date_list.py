"""The list of date strings, read right but for a few; `python -m benchmarks.dates --misses` names those."""

from collections import Counter

from benchmarks.dates import ours, rows, verdict


def test_the_list_is_read_right_and_hardly_ever_wrong() -> None:
    some = list(rows())
    counts = Counter(verdict(row, ours(row.text, row.zone)) for row in some)
    assert len(some) >= 200
    assert counts["right"] >= 0.98 * len(some)
    assert counts["wrong"] <= 0.005 * len(some)
