"""`python -m benchmarks.pipeline.server FOLDER PORT`: serves gzip'd files where there is no nginx. One thread, no more.

Knows GET and keep-alive, and answers with FOLDER/<path>.gz as it lies there: nothing is compressed while one measures.
"""

import asyncio
import sys
from pathlib import Path
from typing import Final, cast

TYPES: Final = {".html": "text/html; charset=utf-8", ".xml": "application/rss+xml; charset=utf-8"}
MISSING: Final = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 8\r\n\r\nnot here"


class Files(asyncio.Protocol):
    """One connection."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._rest = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Answer each whole request."""
        *requests, self._rest = (self._rest + data).split(b"\r\n\r\n")
        for request in requests:
            self._transport.write(self._answer(request.split(b" ", 2)[1].decode("ascii", "replace")))

    def _answer(self, path: str) -> bytes:
        if ".." in path:
            return MISSING
        try:
            body = Path(f"{self._folder}{path}.gz").read_bytes()
        except OSError:
            return MISSING
        kind = TYPES.get(path[path.rfind(".") :], "text/plain")
        head = (
            f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


async def serve(folder: str, port: int) -> None:
    """Serve until the process ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Files(folder), "127.0.0.1", port, backlog=512)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2])))
