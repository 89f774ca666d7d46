"""A WARC file that is damaged in its middle: what is whole is read, on both sides."""

import gzip
import io
from collections.abc import Callable, Iterator
from random import Random

import pytest

from ingest.files import warc_marks
from ingest.files.warc import entries
from ingest.files.warc_marks import next_record
from tests.unit.ingest.files.test_warc import HTML, NOW, faults, read, record, urls

WHOLE = [record(number, HTML * number) for number in range(1, 7)]
PACKED = [gzip.compress(one) for one in WHOLE]


NOISE = Random(1).randbytes(40_000)


def far_too_long(one: bytes) -> bytes:
    return one.replace(b"Content-Length: ", b"Content-Length: 99999", 1)


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
    yield put(PACKED, PACKED[2][:9]), "12456", "response 3: "
    yield put(PACKED, gzip.compress(b"") + PACKED[2]), "123456", "response 3: "
    yield b"".join([*PACKED[:3], *WHOLE[3:]]), "123456", "response 4: "
    picture = far_too_long(WHOLE[2].replace(b"text/html", b"image/png"))
    yield put(WHOLE, picture), "12456", "response 3: "
    yield put(PACKED, gzip.compress(picture)), "12456", "response 4: "
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
    assert len(faults(found)) == 1


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


QUOTES = [HTML + b"\n" + record(9).replace(b"\r\n", b"\n"), NOISE + b"\n" + gzip.compress(record(9)) + NOISE]
"""Noise is not compressed: what it surrounds stands in the file as it is."""


@pytest.mark.parametrize("quoting", QUOTES, ids=["plain", "gzip"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_whole_page_is_not_searched_for_others(quoting: bytes, pack: Callable[[bytes], bytes]) -> None:
    parts = [pack(WHOLE[0]), pack(record(2, quoting))]
    assert read(b"".join(parts))[1:] == read(parts[1])  # healthy: nothing to tell
    third = pack(WHOLE[2])
    found = read(b"".join([*parts, b"X", third[1:], pack(WHOLE[3])]))
    assert urls(found) == ["1", "2", "4"]


BEFORE = [PACKED[:2], [gzip.compress(WHOLE[0] + WHOLE[1])]]


@pytest.mark.parametrize("before", BEFORE, ids=["one in a member", "two in the member before"])
def test_what_a_cut_member_and_the_next_unpack_to_is_no_page(before: list[bytes]) -> None:
    rng = Random(2)
    words = [f"{rng.randrange(5000):x}" for _ in range(300)]
    for _ in range(120):
        pages = [" ".join(rng.choices(words, k=rng.randrange(10_000, 20_000))).encode() for _ in range(2)]
        third, fourth = (gzip.compress(record(3 + number, page), 1) for number, page in enumerate(pages))
        spoilt = third[: int(len(third) * rng.uniform(0.6, 1))]
        assert urls(read(b"".join([*before, spoilt, fourth]))) == ["1", "2", "4"]


def test_what_a_damaged_member_has_stored_is_not_read_twice() -> None:
    together = gzip.compress(record(2, HTML * 120) + record(3) + record(4, HTML * 300), 0)
    found = read(PACKED[0] + together[:-2000] + together[-1000:] + PACKED[4])
    assert urls(found) == ["1", "2", "3", "5"]
    assert len(faults(found)) == 1


class Counted(io.BytesIO):
    bytes_read = 0

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        self.bytes_read += len(data)
        return data


PAGE = record(1, HTML * 1000)
SLOW = [
    WHOLE[0] + b"\0" * 2**20,
    PACKED[0] + b"\x1f\x8b\x08" * 2**17,
    WHOLE[0] + b"WARC/1.1\r\n" * 2**16,
    far_too_long(PAGE) * 200,
    far_too_long(PAGE.replace(b"text/html", b"image/png")) * 200,
]


@pytest.mark.parametrize("data", SLOW, ids=["zeros", "members", "heads", "pages", "images"])
def test_damage_all_over_costs_no_more_than_a_few_readings(data: bytes) -> None:
    stream = Counted(data)
    list(entries(stream, NOW))
    assert stream.bytes_read < 12 * len(data)


def test_a_record_without_an_id_is_read_where_others_are_damaged() -> None:
    nameless = [one.replace(b"WARC-Record-ID", b"WARC-Nothing") for one in WHOLE]
    found = read(b"".join(gzip.compress(one) for one in nameless[:2]) + b"X" + gzip.compress(nameless[3]))
    assert urls(found) == ["1", "2", "4"]


@pytest.mark.parametrize("parts", [WHOLE, PACKED], ids=["plain", "gzip"])
def test_a_start_is_found_across_the_border_of_two_blocks(parts: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc_marks, "BLOCK", 40)
    stream = io.BytesIO(b"".join(parts[:2]))
    for at in range(1, len(parts[0]) + 1):
        assert next_record(stream, at) == len(parts[0]), at
    assert next_record(stream, len(parts[0]) + 1) is None


@pytest.mark.parametrize("parts", [WHOLE, PACKED], ids=["plain", "gzip"])
def test_wherever_a_file_ends_within_a_record_it_is_said_once(parts: list[bytes]) -> None:
    body_ends = 16 if parts is PACKED else 4  # what follows it: a checksum, or two empty lines
    for size in range(1, len(parts[2]) - body_ends):
        found = read(b"".join(parts[:2]) + parts[2][:size])
        assert "".join(urls(found)) == "12", size
        assert len(faults(found)) == 1, size
        assert faults(found)[0].startswith(("response 3", "the file ends within its last record")), size
