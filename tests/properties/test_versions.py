"""Two indices compared: what differs is told, for any two."""

from hypothesis import given
from hypothesis import strategies as st

from workers.store.versions import Difference, differences

HELD = st.dictionaries(st.text("012", max_size=3), st.integers(1, 3), max_size=20)


@given(HELD, HELD)
def test_exactly_what_differs_is_told_in_order(old: dict[str, int], new: dict[str, int]) -> None:
    found = list(differences(sorted(old.items()), sorted(new.items())))
    every = sorted(old.keys() | new.keys())
    expected = [Difference(key, old.get(key), new.get(key)) for key in every if old.get(key) != new.get(key)]
    assert found == expected
