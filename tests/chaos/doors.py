"""Doors: what the workers' connections to Redis and Elasticsearch go through.

A door passes everything on, until it is told to freeze: bytes go nowhere, and nobody is told.
"""

import asyncio
import threading
from asyncio import StreamReader as Reader
from asyncio import StreamWriter as Writer
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

CHUNK: Final = 65_536
Alive = Callable[[], Awaitable[None]]
"""Returns while a connection may go on, and never again when it is dead."""


class Door:
    """A TCP proxy on loopback, in a thread of its own."""

    def __init__(self) -> None:
        self.upstream = 0
        """The port that it leads to."""
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

        both = [asyncio.ensure_future(_pump(*way, alive)) for way in ((reader, forth), (back, writer))]
        with suppress(asyncio.CancelledError):
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for one in both:
            one.cancel()
        for side in (writer, forth):
            side.close()


async def _pump(reader: Reader, writer: Writer, alive: Alive) -> None:
    with suppress(OSError):
        while chunk := await reader.read(CHUNK):
            await alive()
            writer.write(chunk)
            await writer.drain()
