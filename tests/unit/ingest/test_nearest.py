import pytest

from ingest.nearest import meant, nearest

KNOWN = ("WARRAQ_FETCH_SLOTS", "WARRAQ_FETCH_ALLOW", "WARRAQ_LEASE_S")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("WARAQ_FETCH_SLOTS", "WARRAQ_FETCH_SLOTS"),
        ("WARRAQ_FETCH_ALLOWED", "WARRAQ_FETCH_ALLOW"),
        ("FETCH_SLOTS", "WARRAQ_FETCH_SLOTS"),
        ("PYTHONPATH", ""),
        ("", ""),
    ],
)
def test_the_nearest_name(name: str, found: str) -> None:
    assert nearest(name, KNOWN) == found


def test_what_was_meant_ends_a_sentence() -> None:
    assert meant("WARRAQ_LEASES", KNOWN) == "; did you mean WARRAQ_LEASE_S?"
    assert meant("PYTHONPATH", KNOWN) == ""
