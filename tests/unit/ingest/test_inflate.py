"""Each coding whole, cut, over its bounds, and not what it is called."""

import gzip
import zlib
from collections.abc import Callable
from functools import partial

import brotli
import pytest

from ingest.errors import WarraqError
from ingest.inflate import MEMBERS, RATIO_FROM, inflate

MOST = 2**24
TEXT = "خبر عاجل\n".encode() * 500
WAYS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": partial(brotli.compress, quality=5),
}


def reason(raw: bytes, coding: str, most: int = MOST) -> str:
    with pytest.raises(WarraqError) as caught:
        inflate(raw, coding, most)
    return f"{type(caught.value).__name__} {caught.value.reason}"


def test_bare_deflate_is_read() -> None:
    assert inflate(zlib.compress(TEXT)[2:-4], "deflate", MOST) == TEXT


def test_members_follow_each_other_and_rubbish_after_them_is_ignored() -> None:
    assert inflate(gzip.compress(b"a") * MEMBERS, "gzip", MOST) == b"a" * MEMBERS
    assert inflate(gzip.compress(b"a") + bytes(100), "gzip", MOST) == b"a"
    assert reason(gzip.compress(b"a") * (MEMBERS + 1), "gzip") == "Permanent decode"


def test_an_uncompressed_body_is_itself() -> None:
    assert inflate(TEXT, "", MOST) == inflate(TEXT, " Identity", MOST) == TEXT
    assert inflate(b"", "gzip", MOST) == b""


@pytest.mark.parametrize("coding", sorted(WAYS))
def test_the_bounds(coding: str) -> None:
    packed = WAYS[coding](TEXT)
    assert inflate(packed, coding, len(TEXT)) == TEXT
    assert reason(packed, coding, len(TEXT) - 1) == "Permanent too_large"
    assert reason(WAYS[coding](bytes(RATIO_FROM + 1)), coding) == "Permanent bomb"


@pytest.mark.parametrize("coding", ["zstd", "gzip, gzip", "gzip,br", "compress", "zstd, none"])
def test_what_was_not_asked_for_is_refused(coding: str) -> None:
    assert reason(TEXT, coding) == "Permanent encoding_unsupported"


@pytest.mark.parametrize(
    "coding", ["utf-8", "UTF-8", "none", "null", "*", ";", '""', "aws-chunked", "x", "binary, identity", "text/html"]
)
def test_what_is_no_compression_is_passed_over(coding: str) -> None:
    assert inflate(TEXT, coding, 10**6) == TEXT
    assert inflate(gzip.compress(TEXT), '"GZip"; q=1', 10**6) == TEXT
    assert inflate(gzip.compress(TEXT), f"{coding}, gzip", 10**6) == TEXT
