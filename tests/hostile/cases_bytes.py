"""52-69: charsets that are not what they are called, and compression that is not what it seems."""

import gzip
import zlib

import brotli

from tests.hostile.case import TITLE, Case, article, feed, http, item

PAGE = article()
UTF8 = PAGE.encode()
CP1256 = PAGE.encode("cp1256")
ISO = article().encode("iso-8859-6")
READ = {"title": TITLE, "undecoded": 0}


def labelled(body: bytes, charset: str) -> bytes:
    """Return a page under a charset's name."""
    return http(body, kind=f"text/html; charset={charset}")


def misread(text: str) -> str:
    """Return what becomes of UTF-8 that somebody read as windows-1256 and saved."""
    return text.encode().decode("cp1256", "ignore")


ENCODING = [
    Case(52, "1256 as utf-8", "accepted", labelled(CP1256, "utf-8"), says=READ | {"charset": "windows-1256"}),
    Case(52, "8859-6 as utf-8", "accepted", labelled(ISO, "utf-8"), says=READ | {"charset": "iso-8859-6"}),
    Case(52, "8859-6 as 1256", "accepted", labelled(ISO, "windows-1256"), says=READ | {"charset": "iso-8859-6"}),
    Case(52, "1256 as 8859-6", "accepted", labelled(CP1256, "iso-8859-6"), says=READ | {"charset": "windows-1256"}),
    Case(53, "utf-8 as 1256", "accepted", labelled(UTF8, "windows-1256"), says=READ | {"charset": "utf-8"}),
    Case(54, "1256 as 8859-1", "accepted", labelled(CP1256, "iso-8859-1"), says=READ | {"charset": "windows-1256"}),
    Case(55, "one bad byte", "accepted", http(UTF8 + b"\xff"), says={"title": TITLE, "undecoded": 1}),
    Case(56, "many bad bytes", "rejected charset", http(UTF8 + b"\xff " * 40)),
    Case(57, "mark against header", "accepted", labelled(b"\xef\xbb\xbf" + UTF8, "windows-1256"), says=READ),
    *(
        Case(58, charset, "accepted", labelled(PAGE.encode(charset), "utf-8"), says=READ)
        for charset in ("utf-16", "utf-32", "utf-16-le", "utf-16-be")
    ),
    Case(59, "utf-7", "rejected charset", labelled(PAGE.encode("utf-7"), "utf-7")),
    Case(60, "twice encoded", "accepted", http(misread(PAGE).encode()), says={"title": TITLE}),
    Case(
        61, "control characters", "accepted", http(article(title=f"\0{TITLE}\x0b\x85").encode()), says={"title": TITLE}
    ),
    Case(62, "surrogates", "accepted", http(UTF8 + b"\xed\xa0\x80"), says={"title": TITLE, "undecoded": 3}),
    Case(
        62,
        "escaped surrogates",
        "accepted",
        http(
            article(
                head='<script type="application/ld+json">{"@type": "NewsArticle", "headline": "\\ud800"}</script>'
            ).encode()
        ),
    ),
]


GIBIBYTE = 1024
"""Megabytes of zeros in a bomb."""


def deflate_bomb(head: bytes) -> bytes:
    """Return zeros as deflate, made of one piece repeated: each ends in a full flush."""
    stream = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    return head + (stream.compress(bytes(2**20)) + stream.flush(zlib.Z_FULL_FLUSH)) * GIBIBYTE


def brotli_bomb() -> bytes:
    """Return zeros as brotli; it gets a gibibyte into 800 bytes."""
    stream = brotli.Compressor(quality=5)
    return b"".join(stream.process(bytes(2**20)) for _ in range(GIBIBYTE)) + bytes(stream.finish())


GZIP_BOMB = deflate_bomb(gzip.compress(b"")[:10])
ZIPPED = gzip.compress(UTF8)


def packed(body: bytes, coding: str, kind: str = "text/html") -> bytes:
    """Return a body under a Content-Encoding."""
    return http(body, f"Content-Encoding: {coding}", kind=kind)


COMPRESSION = [
    Case(63, "gzip bomb", "permanent too_large", packed(GZIP_BOMB, "gzip")),
    Case(63, "deflate bomb", "permanent too_large", packed(deflate_bomb(b"\x78\xda"), "deflate")),
    Case(63, "small gzip bomb", "permanent bomb", packed(gzip.compress(bytes(2**23)), "gzip")),
    Case(
        63, "gzip bomb in a redirect", "permanent http_302", packed(GZIP_BOMB, "gzip").replace(b"200 OK", b"302 Found")
    ),
    Case(63, "many members", "permanent decode", packed(gzip.compress(b"a") * 20_000, "gzip")),
    Case(64, "brotli bomb", "permanent bomb", packed(brotli_bomb(), "br")),
    Case(65, "zstd unasked", "permanent encoding_unsupported", packed(b"\x28\xb5\x2f\xfd", "zstd")),
    *(
        Case(65, f"no coding {name}", "accepted", packed(UTF8, name), says={"title": TITLE})
        for name in ("foo", "utf-8", "UTF-8", "none", "aws-chunked")
    ),
    Case(65, "identity and gzip", "accepted", packed(ZIPPED, "identity, gzip"), says={"title": TITLE}),
    Case(66, "gzip in gzip", "permanent encoding_unsupported", packed(gzip.compress(ZIPPED), "gzip, gzip")),
    Case(
        66,
        "gzip in gzip by two headers",
        "permanent encoding_unsupported",
        packed(gzip.compress(ZIPPED), "gzip\r\nContent-Encoding: gzip"),
    ),
    *(
        Case(67, f"no {coding}", "permanent decode", packed(b"plain" + UTF8, coding))
        for coding in ("gzip", "deflate", "br")
    ),
    Case(67, "wrong checksum", "permanent decode", packed(ZIPPED[:-8] + bytes(8), "gzip")),
    *(
        Case(68, f"cut {coding}", "transient incomplete", packed(body[: len(body) // 2], coding))
        for coding, body in (("gzip", ZIPPED), ("deflate", zlib.compress(UTF8)), ("br", brotli.compress(UTF8)))
    ),
    Case(68, "cut in the trailer", "transient incomplete", packed(ZIPPED[:-4], "gzip")),
    *(
        Case(68, f"whole {coding}", "accepted", packed(body, coding), says={"title": TITLE})
        for coding, body in (
            ("gzip", ZIPPED),
            ("x-gzip", ZIPPED + bytes(100)),
            ("GZIP", gzip.compress(UTF8[:999]) + gzip.compress(UTF8[999:])),
            ("deflate", zlib.compress(UTF8)),
            ("Deflate", zlib.compress(UTF8)[2:-4]),
            ("br", brotli.compress(UTF8)),
        )
    ),
    Case(
        69,
        "gz over gzip",
        "accepted",
        packed(gzip.compress(gzip.compress(feed(item()))), "gzip", "application/gzip"),
        kind="fetch",
        says={"bytes": len(gzip.compress(feed(item())))},
    ),
]
