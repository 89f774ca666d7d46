"""CPU of fetching one page, against requests and aiohttp in the same run: a server on loopback, gzip on the wire.

The page is 100 KB of gzip; the server is a process of its own, so that only the client's CPU counts (user and system).
Every client decodes, and must bring every byte. Rounds alternate between the clients, each in a new process that has
fetched one page before; the median of the rounds' ratios counts. The peers serve this benchmark alone:

    pip install --group bench
    python -m benchmarks.fetch
"""

import asyncio
import gzip
import random
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from importlib.util import find_spec
from multiprocessing import get_context
from socket import create_server, socket
from statistics import median
from threading import Thread
from time import process_time
from typing import Final

ROUNDS: Final = 7
PAGES: Final = 200
WIRE: Final = 100_000
"""Bytes of the page as it travels."""
HEAD: Final = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n"


def page() -> bytes:
    """Return HTML whose gzip has WIRE bytes or a little more: drawn words in paragraphs."""
    draw = random.Random(1)  # the same page each time
    words = ["".join(draw.choices("ابتثجحخدذرزسشصضطظعغفقكلمنهوي", k=draw.randint(2, 9))) for _ in range(6000)]
    lines: list[str] = []
    while len(gzip.compress(html := "\n".join(lines).encode())) < WIRE:
        lines += [f'<div class="text-block"><p>{" ".join(draw.choices(words, k=40))}</p></div>' for _ in range(100)]
    return html


def serve(listener: socket, answer: bytes) -> None:
    """Answer every request on every connection with the same bytes."""
    while True:
        connection, _ = listener.accept()
        Thread(target=_answer, args=(connection, answer), daemon=True).start()


def _answer(connection: socket, answer: bytes) -> None:
    while connection.recv(65_536):  # a request without a body fits
        connection.sendall(answer)


def ours(url: str, pages: int) -> int:
    """Fetch with workers.web.http; return the bytes it brought."""
    from workers.web.handle import Egress  # noqa: PLC0415
    from workers.web.http import Http  # noqa: PLC0415  # a client's process imports no other client

    web = Http(Egress("warraq/bench (+http://localhost/)"), ("127.0.0.0/8",))
    return sum(len(web.get(url).body) for _ in range(pages))


def with_requests(url: str, pages: int) -> int:
    """Fetch with a requests session."""
    import requests  # noqa: PLC0415

    with requests.Session() as session:
        session.trust_env = False
        return sum(len(session.get(url, timeout=30).content) for _ in range(pages))


def with_aiohttp(url: str, pages: int) -> int:
    """Fetch with an aiohttp session, one page after the other."""
    import aiohttp  # noqa: PLC0415

    async def one(session: aiohttp.ClientSession) -> int:
        async with session.get(url) as response:
            return len(await response.read())

    async def run() -> int:
        async with aiohttp.ClientSession() as session:
            return sum([await one(session) for _ in range(pages)])

    return asyncio.run(run())


CLIENTS: Final[dict[str, Callable[[str, int], int]]] = {
    "warraq": ours,
    "requests": with_requests,
    "aiohttp": with_aiohttp,
}


def milliseconds(name: str, url: str, size: int) -> float:
    """Return the CPU milliseconds a page of one client; imports and a first page are left out."""
    CLIENTS[name](url, 1)
    start = process_time()
    brought = CLIENTS[name](url, PAGES)
    spent = process_time() - start
    if brought != PAGES * size:
        raise ValueError(f"{name} brought {brought} bytes, not {PAGES * size}")
    return spent / PAGES * 1000


def measure(html: bytes, body: bytes) -> list[dict[str, float]]:
    """Return the milliseconds of each client in each round."""
    listener = create_server(("127.0.0.1", 0), backlog=64)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    answer = HEAD.format(len(body)).encode() + body
    server = get_context("fork").Process(target=serve, args=(listener, answer), daemon=True)
    server.start()
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        rounds = [
            {name: pool.submit(milliseconds, name, url, len(html)).result() for name in CLIENTS} for _ in range(ROUNDS)
        ]
    server.terminate()
    listener.close()
    return rounds


def main() -> None:
    """Print the CPU of each, and our ratio to the best of the others."""
    missing = [name for name in ("requests", "aiohttp") if find_spec(name) is None]
    if missing:
        sys.exit(f"fetch: {' and '.join(missing)} missing, for this benchmark alone: pip install --group bench")
    html = page()
    body = gzip.compress(html)
    rounds = measure(html, body)
    kilobytes = f"{len(body) // 1000} KB of gzip ({len(html) // 1000} KB)"
    print(f"fetch: {PAGES} pages of {kilobytes}, {ROUNDS} rounds, median CPU a page")
    for name in CLIENTS:
        print(f"  {name:22} {median(one[name] for one in rounds):6.2f} ms")
    ratio = median(one["warraq"] / min(one["requests"], one["aiohttp"]) for one in rounds)
    print(f"  {'ratio to the best peer':22} {ratio:6.2f}")


if __name__ == "__main__":
    main()
