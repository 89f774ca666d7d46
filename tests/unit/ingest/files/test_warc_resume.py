"""A WARC file that is damaged in its middle: what is whole is read, on both sides."""

import gzip
import io
from collections.abc import Iterator
from random import Random

import pytest

from ingest.files import warc_resume
from ingest.files.warc_resume import next_record
from tests.unit.ingest.files.test_warc import HTML, faults, read, record, urls

WHOLE = [record(number, HTML * number) for number in range(1, 7)]
PACKED = [gzip.compress(one) for one in WHOLE]


def damaged() -> Iterator[tuple[bytes, str, str]]:
    def put(parts: list[bytes], third: bytes) -> bytes:
        return b"".join([*parts[:2], third, *parts[3:]])

    for at in (0, 3, 12, len(PACKED[2]) // 2, len(PACKED[2]) - 6):
        flipped = bytearray(PACKED[2])
        flipped[at] ^= 0x55
        yield put(PACKED, bytes(flipped)), "12456", "response 3: Gzip"
    yield put(PACKED, PACKED[2][:70]), "12456", "response 3: "
    yield put(PACKED, b"\0" * 300 + PACKED[2]), "123456", "response 3: "
    yield put(PACKED, b"\x1f\x8b\x08" * 300), "12456", "response 3: "
    yield put(WHOLE, b"X" + WHOLE[2][1:]), "12456", "response 3: "
    yield put(WHOLE, b"junk\r\n\r\n" + WHOLE[2]), "123456", "response 3: "
    yield put(WHOLE, WHOLE[2].replace(b"Content-Length: ", b"Content-Length: 99")), "12456", "response 3: cut_off"
    longer = record(3, HTML + b"x" * 400).replace(b"x" * 400, b"")
    yield put(WHOLE, longer), "12456", "response 3: wrong_length"
    yield b"junk\r\n" + b"".join(WHOLE), "123456", "response 1: "
    yield b"junk" + b"".join(PACKED), "123456", "response 1: "


@pytest.mark.parametrize(("data", "good", "said"), list(damaged()), ids=range(len(list(damaged()))))
def test_damage_costs_what_is_damaged_and_is_told_once(data: bytes, good: str, said: str) -> None:
    found = read(data)
    assert "".join(urls(found)) == good
    assert faults(found)[0].startswith(said)
    assert "follows" not in faults(found)[0]


@pytest.mark.parametrize("parts", [WHOLE, PACKED], ids=["plain", "gzip"])
def test_wherever_a_bit_flips_the_others_are_read(parts: list[bytes]) -> None:
    data, rng = b"".join(parts), Random(1)
    for _ in range(300):
        spoilt = bytearray(data)
        spoilt[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        assert len(set(urls(read(bytes(spoilt))))) >= len(parts) - 2


def test_a_page_that_quotes_a_record_is_not_one() -> None:
    quoting = HTML + b"\r\n\r\n" + record(9)
    found = read(WHOLE[0] + record(2, quoting) + WHOLE[2])
    assert urls(found) == ["1", "3"]
    assert faults(found)[0].startswith("response 2: wrong_length")


@pytest.mark.parametrize("parts", [WHOLE, PACKED], ids=["plain", "gzip"])
def test_a_start_is_found_across_the_border_of_two_blocks(parts: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc_resume, "BLOCK", 40)
    stream = io.BytesIO(b"".join(parts[:2]))
    for behind in range(len(parts[0])):
        assert next_record(stream, behind) == len(parts[0]), behind
    assert next_record(stream, len(parts[0])) is None
