"""Doors: what the workers' connections to Redis and Elasticsearch go through, when a run needs to hold them up.

A door passes everything on, until it is told to freeze (bytes go nowhere, nobody is told), to answer requests itself
with an error, or to spoil a line of a request.
"""

import asyncio
import json
import threading
from asyncio import StreamReader as Reader
from asyncio import StreamWriter as Writer
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

CHUNK: Final = 65_536
BLANK: Final = b"\r\n\r\n"
Alive = Callable[[], Awaitable[None]]
"""Returns while a connection may go on, and never again when it is dead."""


class Door:
    """A TCP proxy on loopback, in a thread of its own; `http` says that requests come whole, one after the other."""

    def __init__(self, *, http: bool = False) -> None:
        self.upstream = 0
        """The port that it leads to."""
        self.status = 0
        """Answer every request with this instead of asking upstream; 0 = ask."""
        self.spoil: Callable[[bytes], bytes] = lambda body: body
        self.answered = 0
        self.spoiled = 0
        self._http = http
        self._frozen = False
        self._generation = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.port = 0

    def freeze(self) -> None:
        """Forward nothing from now on: connections stay open, and half of them is dead for ever."""
        self._generation += 1
        self._frozen = True

    def thaw(self) -> None:
        """Serve new connections again; those from before stay as they are."""
        self._frozen = False

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _serve(self, reader: Reader, writer: Writer) -> None:
        generation = self._generation
        try:
            while self._frozen:  # noqa: ASYNC110  # told by another thread
                await asyncio.sleep(0.1)
            back, forth = await asyncio.open_connection("127.0.0.1", self.upstream)
        except (OSError, asyncio.CancelledError):
            writer.close()
            return

        async def alive() -> None:
            while self._generation != generation:  # noqa: ASYNC110  # never again: this one is dead
                await asyncio.sleep(3600)

        there = self._requests(reader, writer, forth, alive) if self._http else _pump(reader, forth, alive)
        both = [asyncio.ensure_future(there), asyncio.ensure_future(_pump(back, writer, alive))]
        with suppress(asyncio.CancelledError):
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for one in both:
            one.cancel()
        for side in (writer, forth):
            side.close()

    async def _requests(
        self, reader: Reader, writer: Writer, forth: Writer, alive: Callable[[], Awaitable[None]]
    ) -> None:
        """Pass on one request after the other, or answer it."""
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(BLANK)
                body = await reader.readexactly(_length(head))
                await alive()
                if self.status:
                    self.answered += 1
                    writer.write(_answer(self.status))
                    await writer.drain()
                    continue
                changed = self.spoil(body)
                self.spoiled += changed != body
                forth.write(_with_length(head, len(changed)) + changed)
                await forth.drain()


async def _pump(reader: Reader, writer: Writer, alive: Alive) -> None:
    with suppress(OSError):
        while chunk := await reader.read(CHUNK):
            await alive()
            writer.write(chunk)
            await writer.drain()


def _length(head: bytes) -> int:
    lines = (line.partition(b":") for line in head.split(b"\r\n"))
    return next((int(value) for name, _, value in lines if name.lower() == b"content-length"), 0)


def _with_length(head: bytes, length: int) -> bytes:
    lines = [line for line in head.split(b"\r\n")[:-2] if not line.lower().startswith(b"content-length:")]
    return b"\r\n".join([*lines, b"content-length: %d" % length]) + BLANK


def _answer(status: int) -> bytes:
    body = json.dumps({"error": {"type": "overloaded", "reason": "by the chaos suite"}, "status": status}).encode()
    head = f"HTTP/1.1 {status} No\r\nX-elastic-product: Elasticsearch\r\ncontent-type: application/json\r\n"
    return f"{head}content-length: {len(body)}\r\n\r\n".encode() + body
