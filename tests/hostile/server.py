"""A server on loopback that says what its cases tell it to, byte for byte, and counts who connects."""

import ssl
import threading
from collections.abc import Mapping
from socket import create_server, socket

from tests.hostile.case import Conversation

MOST = 64 * 2**10


class HostileServer:
    """Listens until closed; a thread for each connection, one request in it."""

    def __init__(self, answers: Mapping[str, bytes | Conversation], host: str = "127.0.0.1") -> None:
        self.answers = dict(answers)
        self.heads: list[bytes] = []
        """Heads of the requests, in order."""
        self.connections = 0
        self.tls: ssl.SSLContext | None = None
        self._listener = create_server((host, 0), backlog=64)
        self.host, self.port = host, int(self._listener.getsockname()[1])
        self._closed = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._closed.set()
        self._listener.close()

    def _accept(self) -> None:
        while not self._closed.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket) -> None:
        connection.settimeout(20)
        try:
            with connection, self._wrapped(connection) as line:
                head = _head(line)
                self.heads.append(head)
                answer = self.answers.get(_path(head), b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                if isinstance(answer, bytes):
                    line.sendall(answer)
                else:
                    answer(line)
        except OSError:
            """A client that hangs up is what these tests are about."""

    def _wrapped(self, connection: socket) -> socket:
        return self.tls.wrap_socket(connection, server_side=True) if self.tls else connection


def _head(line: socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head and len(head) < MOST and (data := line.recv(4096)):
        head += data
    return head


def _path(head: bytes) -> str:
    words = head.split(b" ", 2)
    return words[1].decode("latin-1").partition("?")[0] if len(words) > 1 else ""
