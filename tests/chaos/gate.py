"""A gate before an HTTP service: it passes requests on, answers them itself, or judges the items of a `_bulk`."""

import http.client
import json
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Final, Self

PASS: Final = 0
UNTOLD: Final = -1
"""The item is written, and the answer does not tell of it."""
CUT: Final = -2
"""Everything is written, and the connection is cut instead of an answer."""
HOP: Final = frozenset({"connection", "transfer-encoding", "content-length", "keep-alive", "expect"})
"""Headers that concern one connection only."""
TIMEOUT_S: Final = 120


@dataclass(frozen=True, slots=True)
class Item:
    """One action of a `_bulk`."""

    action: str
    index: str
    id: str
    source: Mapping[str, Any]
    lines: bytes


Judge = Callable[[Sequence[Item]], Sequence[int]]
"""What becomes of each item: PASS, UNTOLD, CUT, or a status with which it is refused without having been passed on."""


def _same(body: bytes) -> bytes:
    return body


def _ignore(_: bytes) -> None:
    pass


class Gate:
    """An HTTP proxy on loopback, one thread a connection; what it does to requests is set from outside."""

    def __init__(self) -> None:
        self.upstream = 0
        """The port that it leads to."""
        self.status = 0
        """Answer every request with this instead of asking upstream; 0 = ask."""
        self.answered = 0
        self.spoil: Callable[[bytes], bytes] = _same
        self.spoiled = 0
        self.judge: Judge | None = None
        self.sent: Callable[[bytes], object] = _ignore
        """Called with a `_bulk` that has gone upstream, before its answer is read."""
        self._server = _Server(self)
        self.port = int(self._server.server_address[1])

    def open(self) -> None:
        """Do nothing to requests from now on but pass them on."""
        self.status, self.judge = 0, None
        self.spoil, self.sent = _same, _ignore

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()


class CutError(Exception):
    """The client shall get no answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back to the client."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, gate: Gate) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.gate = gate

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: that one side goes away is this suite's purpose."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server
    upstream: http.client.HTTPConnection | None = None

    def __getattr__(self, name: str) -> Callable[[], None]:
        """Serve every method in the same way."""
        if not name.startswith("do_"):
            raise AttributeError(name)
        return self._serve

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            answer = self._answer(body)
        except (OSError, http.client.HTTPException, CutError):
            self.close_connection = True
            return
        self.send_response_only(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        if self.command != "HEAD":
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def _answer(self, body: bytes) -> Answer:
        gate = self.server.gate
        if gate.status:
            gate.answered += 1
            return _refusal(gate.status)
        changed = gate.spoil(body)
        gate.spoiled += changed != body
        if not self.path.partition("?")[0].endswith("/_bulk"):
            return self._ask(changed)
        if gate.judge is None:
            return self._ask(changed, gate.sent)
        return judged(changed, gate.judge, lambda passed: self._ask(passed, gate.sent))

    def _ask(self, body: bytes, sent: Callable[[bytes], object] = _ignore) -> Answer:
        if self.upstream is None or self.upstream.port != self.server.gate.upstream:
            self.upstream = http.client.HTTPConnection("127.0.0.1", self.server.gate.upstream, timeout=TIMEOUT_S)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
        self.upstream.request(self.command, self.path, body or None, headers)
        sent(body)
        response = self.upstream.getresponse()
        dropped = HOP - {"content-length"} if self.command == "HEAD" else HOP
        kept = [(name, value) for name, value in response.getheaders() if name.lower() not in dropped]
        return Answer(response.status, kept, response.read())

    def finish(self) -> None:
        """Close both sides."""
        with suppress(OSError):
            super().finish()
        if self.upstream is not None:
            self.upstream.close()

    def log_message(self, *_: object) -> None:
        """Thousands of lines that nobody reads."""


def judged(body: bytes, judge: Judge, ask: Callable[[bytes], Answer]) -> Answer:
    """Pass on the items that are not refused, and put the answers of all together in the items' order."""
    items = list(_items(body))
    verdicts = judge(items)
    pairs = list(zip(items, verdicts, strict=True))
    passed = [item for item, verdict in pairs if verdict <= PASS]
    answer = ask(b"".join(item.lines for item in passed)) if passed else Answer(200, JSON, b'{"items":[]}')
    if CUT in verdicts:
        raise CutError
    if answer.status != http.client.OK:
        return answer
    told = iter(json.loads(answer.body)["items"])
    whole = [(next(told) if verdict <= PASS else _refused(item, verdict), verdict) for item, verdict in pairs]
    found = [one for one, verdict in whole if verdict != UNTOLD]
    return Answer(200, answer.headers, json.dumps({"took": 1, "errors": True, "items": found}).encode())


def _items(body: bytes) -> list[Item]:
    lines = body.splitlines(keepends=True)
    found = []
    for head, source in zip(lines[::2], lines[1::2], strict=True):
        ((action, names),) = json.loads(head).items()
        found.append(Item(action, names.get("_index", ""), names["_id"], json.loads(source), head + source))
    return found


JSON: Final = (("Content-Type", "application/json"), ("X-Elastic-Product", "Elasticsearch"))


def _refused(item: Item, status: int) -> Mapping[str, Any]:
    error = {"type": "chaos", "reason": f"item refused with {status}"}
    return {item.action: {"_index": item.index, "_id": item.id, "status": status, "error": error}}


def _refusal(status: int) -> Answer:
    body = {"error": {"type": "overloaded", "reason": "by the chaos suite"}, "status": status}
    return Answer(status, JSON, json.dumps(body).encode())
