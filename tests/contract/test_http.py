"""The fetcher against a server on loopback: what comes back, and what each misbehaviour is called."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import brotli
import pytest

from ingest.errors import Blocked, Gone, Permanent, Transient, WarraqError
from workers.web.handle import Egress, Limits
from workers.web.http import Http

pytestmark = pytest.mark.enable_socket
LOOPBACK = ("127.0.0.0/8", "::1/128")
TEXT = "خبر عاجل\n".encode() * 1000
Answer = tuple[int, dict[str, str], bytes]

IN_FIVE_MINUTES = "in five minutes"
"""Written as a date when it is served: these tests may start minutes after they were collected."""

ANSWERS: dict[str, Answer] = {
    "/": (200, {"Content-Type": "text/html"}, TEXT),
    "/gzip": (200, {"Content-Encoding": "gzip"}, gzip.compress(TEXT)),
    "/br": (200, {"Content-Encoding": "br"}, brotli.compress(TEXT)),
    "/bomb": (200, {"Content-Encoding": "br"}, brotli.compress(bytes(2**25))),
    "/big": (200, {}, bytes(Limits().raw_bytes + 1)),
    "/lie": (200, {"Content-Encoding": "gzip"}, TEXT),
    "/zstd": (200, {"Content-Encoding": "zstd"}, TEXT),
    "/empty": (200, {}, b" \n"),
    "/204": (204, {}, b""),
    "/304": (304, {"ETag": '"1"'}, b""),
    "/404": (404, {}, b"gone"),
    "/410": (410, {}, b"gone"),
    "/403": (403, {}, b"no"),
    "/500": (500, {}, b"oops"),
    "/429": (429, {"Retry-After": "120"}, b""),
    "/503": (503, {"Retry-After": IN_FIVE_MINUTES}, b""),
    "/week": (503, {"Retry-After": "604800"}, b""),
    "/nonsense": (503, {"Retry-After": "soon"}, b""),
    "/moved": (301, {"Location": "/?moved=1"}, b""),
    "/moved-then-found": (308, {"Location": "/found"}, b""),
    "/found": (302, {"Location": "/"}, b""),
    "/loop": (302, {"Location": "/loop"}, b""),
    "/nowhere": (302, {}, b""),
    "/to-file": (302, {"Location": "file:///etc/passwd"}, b""),
    "/to-metadata": (302, {"Location": "http://169.254.169.254/latest"}, b""),
    "/check": (302, {"Location": "/wall", "Set-Cookie": "ok=1; Path=/"}, b""),
    "/wall": (302, {"Location": "/check"}, b""),
    "/to-user": (302, {"Location": "http://a:b@localhost/"}, b""),
}


class Handler(BaseHTTPRequestHandler):
    seen: ClassVar[list[tuple[str, str]]] = []
    conditions: ClassVar[list[tuple[str, str | None]]] = []
    asked_enough: ClassVar[threading.Event] = threading.Event()

    def do_GET(self) -> None:
        self.seen.append((self.path, self.headers["User-Agent"]))
        self.conditions.append((self.path, self.headers["If-None-Match"]))
        if self.path == "/short":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\ncut")
            return
        if self.path == "/slow":
            self.asked_enough.wait(20)
        status, headers, body = ANSWERS.get(self.path.partition("?")[0], ANSWERS["/"])
        if self.path == "/feed" and self.headers["If-None-Match"] == 'W/"1"':
            status, body = 304, b""
        if self.path == "/wall" and self.headers["Cookie"] == "ok=1":
            status, headers, body = ANSWERS["/"]
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            later = format_datetime(datetime.now(UTC) + timedelta(minutes=5))
            self.send_header(name, later if value == IN_FIVE_MINUTES else value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class KeepsAlive(Handler):
    """Keeps its connections, and sends a body whatever the status."""

    protocol_version = "HTTP/1.1"

    def end_headers(self) -> None:
        super().end_headers()
        if self.path.endswith("?rest"):
            self.wfile.write(b"rest")


class Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """A client that hangs up is what these tests are about."""


@pytest.fixture(scope="module")
def root() -> Iterator[str]:
    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://site.localhost:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def web() -> Http:
    return Http(Egress("warraq/test (+https://example.org)"), LOOPBACK)


@pytest.mark.parametrize(
    ("path", "moved_to"),
    [("/", ""), ("/found", ""), ("/moved", "/?moved=1"), ("/moved-then-found", "/found")],
)
def test_only_redirects_for_good_move_a_page(web: Http, root: str, path: str, moved_to: str) -> None:
    assert web.get(root + path).moved_to == (root + moved_to if moved_to else "")


def test_a_condition_may_be_answered_by_304_and_does_not_stay(web: Http, root: str) -> None:
    page = web.get(f"{root}/feed", {"If-None-Match": 'W/"1"'})
    assert (page.status, page.body) == (304, b"")
    assert web.get(f"{root}/feed").status == 200


@pytest.mark.parametrize("path", ["/304", "/204"])
def test_a_body_after_a_status_that_has_none_does_not_spoil_the_next(web: Http, path: str) -> None:
    with Server(("127.0.0.1", 0), KeepsAlive) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        root = f"http://127.0.0.1:{server.server_port}"
        for _ in range(2):
            with suppress(WarraqError):
                web.get(f"{root}{path}?rest", {"If-None-Match": '"1"'})
            assert web.get(root).body == TEXT
        server.shutdown()


def failure(web: Http, url: str) -> WarraqError:
    with pytest.raises(WarraqError) as caught:
        web.get(url)
    return caught.value


@pytest.mark.parametrize("path", ["/", "/gzip", "/br", "/moved"])
def test_the_body_comes_decompressed_and_the_url_is_the_final_one(web: Http, root: str, path: str) -> None:
    before = datetime.now(UTC)
    page = web.get(root + path)
    assert (page.status, page.body) == (200, TEXT)
    assert page.url == f"{root}/?moved=1" if path == "/moved" else page.url == root + path
    assert before <= page.fetched_at <= datetime.now(UTC)
    assert page.header("server").startswith("BaseHTTP")


def test_we_say_who_we_are(web: Http, root: str) -> None:
    web.get(f"{root}/?who")
    assert ("/?who", "warraq/test (+https://example.org)") in Handler.seen


@pytest.mark.parametrize(
    ("path", "kind", "reason"),
    [
        ("/404", Gone, "http_404"),
        ("/410", Gone, "http_410"),
        ("/403", Blocked, "http_403"),
        ("/204", Permanent, "http_204"),
        ("/nowhere", Permanent, "http_302"),
        ("/500", Transient, "http_500"),
        ("/empty", Transient, "empty_page"),
        ("/bomb", Permanent, "bomb"),
        ("/big", Permanent, "too_large"),
        ("/lie", Permanent, "decode"),
        ("/zstd", Permanent, "encoding_unsupported"),
        ("/short", Transient, "incomplete"),
        ("/loop", Permanent, "redirect_limit"),
        ("/to-file", Permanent, "url_scheme"),
        ("/to-metadata", Permanent, "address_blocked"),
        ("/to-user", Permanent, "url_userinfo"),
    ],
)
def test_each_misbehaviour_has_a_name(web: Http, root: str, path: str, kind: type[WarraqError], reason: str) -> None:
    error = failure(web, root + path)
    assert (type(error), error.reason) == (kind, reason)


@pytest.mark.parametrize(("path", "seconds"), [("/429", 120), ("/503", 300), ("/week", 86_400), ("/nonsense", 0)])
def test_retry_after_is_read(web: Http, root: str, path: str, seconds: float) -> None:
    error = failure(web, root + path)
    assert isinstance(error, Transient)
    assert error.retry_after_s == pytest.approx(seconds, abs=30)


def test_a_slow_answer_meets_the_deadline(root: str) -> None:
    assert failure(Http(Egress("t"), LOOPBACK, Limits(total_s=1)), f"{root}/slow").reason == "timeout_first_byte"
    Handler.asked_enough.set()


def test_a_304_is_a_page_only_where_a_condition_was_sent(web: Http, root: str) -> None:
    page = web.get(f"{root}/304", {"If-None-Match": 'W/"verbatim"'})
    assert (page.status, page.body, page.header("etag")) == (304, b"", '"1"')
    assert ("/304", 'W/"verbatim"') in Handler.conditions
    assert failure(web, f"{root}/304").reason == "protocol"
    with pytest.raises(Transient, match="protocol"):
        web.get(f"{root}/304", {"Accept-Language": "ar"})


def test_a_condition_is_of_one_request_only(web: Http, root: str) -> None:
    web.get(f"{root}/?conditional", {"if-modified-since": "Sun, 06 Nov 1994 08:49:37 GMT", "If-None-Match": "x"})
    web.get(f"{root}/?plain")
    assert ("/?conditional", "x") in Handler.conditions
    assert ("/?plain", None) in Handler.conditions


@pytest.mark.parametrize("headers", [{"A": "b\r\nC: d"}, {"A\n": "b"}, {"A:": "b"}, {"A": "\0"}])
def test_a_header_that_would_break_the_request_is_a_bug_of_the_caller(web: Http, headers: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="no header"):
        web.get("http://127.0.0.1:9/", headers)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "localhost", "0", "[::1]", "[::]"])
def test_without_permission_no_spelling_of_loopback_is_connected_to(root: str, host: str) -> None:
    port = root.rpartition(":")[2]
    before = len(Handler.seen)
    error = failure(Http(Egress("t")), f"http://{host}:{port}/")
    assert (type(error), error.reason) == (Permanent, "address_blocked")
    assert len(Handler.seen) == before


def test_nobody_there_and_no_such_host(web: Http) -> None:
    assert failure(web, "http://127.0.0.1:9/").reason == "connect"
    assert failure(web, "http://no-such-host.invalid/").reason == "dns"


def test_a_failed_fetch_does_not_spoil_the_next(web: Http, root: str) -> None:
    failure(web, f"{root}/bomb")
    assert web.get(f"{root}/").body == TEXT


def test_a_wall_of_cookies_is_passed_in_one_fetch_and_forgotten(web: Http, root: str) -> None:
    for _ in range(2):
        before = len(Handler.seen)
        assert web.get(f"{root}/wall").body == TEXT
        assert [path for path, _ in Handler.seen[before:]] == ["/wall", "/check", "/wall"]
