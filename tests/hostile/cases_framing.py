"""33-51: HTTP as it should not be spoken."""

import time
from itertools import repeat
from socket import socket

from tests.hostile.case import TITLE, Case, Conversation, article, feed, http, item

OK = b"HTTP/1.1 200 OK\r\n"
HTML = b"Content-Type: text/html; charset=utf-8\r\n"
PAGE = article().encode()


def dripping(start: bytes, drop: bytes, pause_s: float = 0.4) -> Conversation:
    """Return an answer that never ends, a few bytes at a time."""

    def drip(line: socket) -> None:
        line.sendall(start)
        for _ in range(30):
            time.sleep(pause_s)
            line.sendall(drop)

    return drip


def flooding(start: bytes, piece: bytes, times: int) -> Conversation:
    """Return an answer that repeats a piece."""

    def flood(line: socket) -> None:
        line.sendall(start)
        for one in repeat(piece, times):
            line.sendall(one)

    return flood


def chunked(body: bytes, size: int) -> bytes:
    """Return a body in chunks of a size."""
    pieces = (body[start : start + size] for start in range(0, len(body), size))
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def silence(line: socket) -> None:
    """Say nothing, until the client leaves."""
    line.recv(1)


def later(answer: bytes, pause_s: float = 0.8) -> Conversation:
    """Return an answer that takes its time."""

    def wait(line: socket) -> None:
        time.sleep(pause_s)
        line.sendall(answer)

    return wait


CHUNKED = OK + HTML + b"Transfer-Encoding: chunked\r\n\r\n"
LONG = b"a" * 1000
SLOW_FIRST = {"slow_for_s": 2, "total_s": 15}
TOTAL_FIRST = {"slow_for_s": 5, "total_s": 3}
"""A server that gets no CPU for a second sends nothing for a second: what it is called must not hang on that."""

FRAMING = [
    Case(33, "drip body", "transient timeout_slow", dripping(OK + HTML + b"\r\n", b"a"), limits=SLOW_FIRST),
    Case(33, "fast drip body", "transient timeout_total", dripping(OK + HTML + b"\r\n", LONG, 0.2), limits=TOTAL_FIRST),
    Case(34, "silence", "transient timeout_first_byte", silence),
    Case(34, "drip header", "transient timeout_slow", dripping(OK, b"X"), limits=SLOW_FIRST),
    Case(35, "endless body", "permanent too_large", flooding(OK + HTML + b"\r\n", bytes(2**20), 1000)),
    Case(35, "announced large body", "permanent too_large", OK + b"Content-Length: 99999999999\r\n\r\n"),
    Case(36, "many headers", "permanent headers_too_large", flooding(OK, b"X-Flood: 1\r\n", 200_000)),
    Case(36, "large headers", "permanent headers_too_large", flooding(OK, b"X-Flood: " + LONG + b"\r\n", 90)),
    Case(36, "one huge header", "permanent headers_too_large", flooding(OK + b"X-Flood: ", LONG, 1000)),
    Case(37, "short body", "transient incomplete", OK + b"Content-Length: 999\r\n\r\ncut"),
    Case(37, "nothing", "transient incomplete", lambda _line: None),
    Case(38, "cut chunk", "transient incomplete", CHUNKED + b"fff\r\ncut"),
    Case(38, "no last chunk", "transient incomplete", CHUNKED + b"3\r\ncut\r\n"),
    Case(
        39,
        "length and chunks",
        "transient protocol",
        OK + b"Content-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(PAGE, 99),
    ),
    Case(40, "two lengths", "transient protocol", OK + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"),
    Case(41, "not http", "transient protocol", b"220 ftp.example.org ready\r\n"),
    Case(41, "redis", "transient protocol", b"-ERR unknown command\r\n"),
    Case(42, "interim flood", "permanent headers_too_large", flooding(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 50_000)),
    Case(43, "tiny chunks", "accepted", CHUNKED + chunked(PAGE, 1), says={"title": TITLE}),
    Case(44, "loop", "permanent redirect_limit", http(b"", "Location: /44/loop", status="302 Found")),
    Case(
        44, "slow loop", "transient timeout_first_byte", later(http(b"", "Location: /44/slow-loop", status="302 Found"))
    ),
    Case(45, "arabic location", "accepted", http(b"", "Location: /45/خبر", status="301 Moved Permanently")),
    Case(45, "%D8%AE%D8%A8%D8%B1", "accepted", http(PAGE)),
    Case(
        45,
        "1256 location",
        "accepted",
        OK.replace(b"200", b"301") + "Location: /45/خ\r\n".encode("cp1256") + b"Content-Length: 0\r\n\r\n",
    ),
    Case(
        45,
        "two locations",
        "transient protocol",
        http(b"", "Location: /45/%CE", "Location: file:///etc/passwd", status="302 Found"),
    ),
    Case(45, "%CE", "accepted", http(PAGE)),
    Case(46, "204", "permanent http_204", http(b"", status="204 No Content")),
    Case(46, "empty", "transient empty_page", http(b"")),
    Case(46, "blank", "transient empty_page", http(b" \n \n")),
    Case(
        47,
        "challenge",
        "blocked challenge",
        http(b"<title>Just a moment...</title>", "cf-mitigated: challenge", status="403 Forbidden"),
    ),
    Case(
        47,
        "challenge as 200",
        "blocked challenge",
        http(b"<html><title>Just a moment...</title><p>Checking your browser"),
    ),
    Case(47, "forbidden", "blocked http_403", http(b"no", status="403 Forbidden")),
    Case(47, "login", "rejected not_an_article", http("<title>تسجيل الدخول</title><form>اسم المستخدم".encode())),
    Case(
        48,
        "429",
        "transient http_429",
        http(b"", "Retry-After: 120", status="429 Too Many Requests"),
        says={"retry_after_s": 120},
    ),
    Case(
        48,
        "503",
        "transient http_503",
        http(b"", "Retry-After: 999999999", status="503 Unavailable"),
        says={"retry_after_s": 86_400},
    ),
    Case(
        48,
        "Retry-After of no sense",
        "transient http_503",
        http(b"", "Retry-After: ٣", status="503 Unavailable"),
        says={"retry_after_s": 0},
    ),
    Case(49, "410", "gone http_410", http(b"", status="410 Gone")),
    Case(49, "404", "gone http_404", http(b"", status="404 Not Found")),
    Case(50, "304 unasked", "transient protocol", http(b"", status="304 Not Modified")),
    Case(
        50,
        "304 asked",
        "accepted",
        http(b"", status="304 Not Modified"),
        kind="fetch",
        headers={"If-None-Match": '"1"'},
        says={"status": 304},
    ),
    Case(51, "html as text", "accepted", http(PAGE, kind="text/plain"), says={"title": TITLE}),
    Case(51, "html as octets", "accepted", http(PAGE, kind="application/octet-stream"), says={"title": TITLE}),
    Case(51, "feed as html", "accepted", http(feed(item()), kind="text/html"), kind="feed", says={"entries": 1}),
    Case(51, "picture", "rejected not_text", http(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9)),
]
