"""A newsroom on loopback, made from a seed: many small Arabic articles on many hosts, and RSS feeds that list them."""

import threading
from collections import Counter
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType, TracebackType
from typing import Final, Self

from tests.chaos.editions import Editions, is_edited
from tests.chaos.heavy import packed, weighed
from tests.chaos.texts import GOOD, End, Story, feed, page, sentence

HOSTS: Final = 40
FEED_ITEMS: Final = 50
NO_SPECIALS: Final[Mapping[str, "End"]] = MappingProxyType({})
HELD_S: Final = 15
QUIET: Final = "quiet"
ARCHIVE_FROM: Final = 100_000
"""Number of the first archived story."""
PACKED_FROM: Final = 100_000
"""Bytes from which on a page travels compressed."""


class Newsroom:
    """Serves the articles from daemon threads while the context lasts, and counts the requests for each URL."""

    def __init__(self, articles: int, seed: int, specials: Mapping[str, End] = NO_SPECIALS, held: int = 0) -> None:
        self.requests: Counter[str] = Counter()
        self.editions = Editions()
        self._seed = seed
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.port = int(self._server.server_address[1])
        names = {f"n{number}": GOOD for number in range(articles)} | dict(specials)
        self.stories = tuple(
            Story(number, self._url(number % HOSTS, name), sentence(seed, number), end)
            for number, (name, end) in enumerate(sorted(names.items(), key=lambda named: named[1] == GOOD))
        )
        parts = [self.stories[at : at + FEED_ITEMS] for at in range(0, len(names), FEED_ITEMS)]
        self._feeds = {self._url(i % HOSTS, f"feed{i}.xml"): part for i, part in enumerate(parts)}
        self._pages = {story.url: story for story in self.stories}
        self._last = {story.url for story in self.stories[len(self.stories) - held :]}
        self._released = threading.Event()

    @property
    def feeds(self) -> tuple[str, ...]:
        """The URL of every feed."""
        return tuple(self._feeds)

    @property
    def hosts(self) -> tuple[str, ...]:
        """Every host, with its port."""
        return tuple(f"h{i}.localhost:{self.port}" for i in range(HOSTS))

    def quiet(self, number: int) -> str:
        """Return the URL of a feed that lists one story only, and is none of `feeds`."""
        return self._url(number % HOSTS, f"{QUIET}{number}.xml")

    def archived(self, number: int) -> tuple[Story, str]:
        """Return a story that no feed lists, on a host that is none of `hosts`, with its page."""
        url = f"http://archive.localhost:{self.port}/{self._seed}/old{number}"
        story = Story(ARCHIVE_FROM + number, url, sentence(self._seed, number))
        return story, page(story, self._seed)

    def release(self) -> None:
        """Serve the last articles too: so many were held back."""
        self._released.set()

    def asked(self) -> dict[str, int]:
        """Return how often each URL was asked for, in the order in which they were first."""
        with self._lock:
            return dict(self.requests)

    def repeated(self) -> int:
        """Count the requests for articles beyond the first for each: work that was done again."""
        with self._lock:
            return sum(count - 1 for url, count in self.requests.items() if url in self._pages and count > 1)

    def answer(self, url: str) -> tuple[str, bytes] | None:
        """Return type and body of a URL, and count the request; None for one that is not there."""
        with self._lock:
            self.requests[url] += 1
        if (listed := self._feeds.get(url)) is not None:
            return "application/rss+xml; charset=utf-8", feed(listed).encode()
        if f"/{QUIET}" in url:
            return "application/rss+xml; charset=utf-8", feed(self.stories[:1]).encode()
        if (story := self._pages.get(url)) is not None:
            if url in self._last:
                self._released.wait(HELD_S)
            edition = self.editions.current() if is_edited(story.number) else 0
            return "text/html; charset=utf-8", weighed(story.name, page(story, self._seed, edition)).encode()
        return None

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _url(self, host: int, name: str) -> str:
        return f"http://h{host}.localhost:{self.port}/{self._seed}/{name}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a fetcher that is killed in the middle of a page is this suite's purpose."""


def _handler(newsroom: Newsroom) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = newsroom.answer(f"http://{self.headers['Host']}{self.path}")
            kind, body = found or ("text/plain", b"not here")
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", kind)
            if len(body) > PACKED_FROM:
                body = packed(body)
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Thousands of lines that nobody reads."""

    return Handler
