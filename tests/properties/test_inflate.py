"""Compressed bodies: what comes back, for any bytes."""

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import WarraqError
from ingest.inflate import inflate
from tests.unit.ingest.test_inflate import MOST, WAYS, reason


@given(st.binary(max_size=5000), st.sampled_from(sorted(WAYS)))
def test_what_was_compressed_comes_back(plain: bytes, coding: str) -> None:
    assert inflate(WAYS[coding](plain), coding, MOST) == plain


@given(st.binary(max_size=200), st.sampled_from(sorted(WAYS)), st.integers(1, 8))
def test_a_cut_stream_is_never_taken_for_a_whole_one(plain: bytes, coding: str, cut: int) -> None:
    kept = WAYS[coding](plain)[:-cut]
    assert not kept or reason(kept, coding) in {"Transient incomplete", "Permanent decode"}


@given(st.binary(max_size=300), st.sampled_from(sorted(WAYS)))
def test_any_bytes_become_bytes_or_a_named_error(raw: bytes, coding: str) -> None:
    with suppress(WarraqError):
        assert isinstance(inflate(raw, coding, MOST), bytes)
