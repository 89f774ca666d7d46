"""The demo newsroom: five invented Arabic news sites on loopback, and what must become of each article.

`python deploy/demo/newsroom.py --port 8085` serves them until Ctrl-C. Any host answers
`/__newsroom/update` by publishing the correction of the one story that changes.
"""

import argparse
import contextlib
import threading
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from deploy.demo.content import Expected, Search, Site, Story, edition
from deploy.demo.expectations import expected, searches
from deploy.demo.feeds import feed
from deploy.demo.pages import Answer, page, redirect, text

UPDATE = "/__newsroom/update"
ROBOTS = "User-agent: *\nAllow: /\n"


def build(current: list[Story], port: int) -> dict[str, Answer]:
    """Return the answer at every URL of every site; any other URL is a 404."""
    answers: dict[str, Answer] = {}
    for site in _sites(current):
        root = f"http://{site.host}:{port}"
        answers[f"{root}/robots.txt"] = text(200, ROBOTS)
        answers |= {root + path: feed(site, path, current, port) for path in site.feeds}
    for story in current:
        if not story.removed:
            paths = (story.path, *story.listed)
            answers |= dict.fromkeys((story.url(port, path) for path in paths), page(story, current, port))
        if story.moved_from:
            answers[story.url(port, story.moved_from)] = redirect(story, port)
    return answers


def feed_urls(current: list[Story], port: int) -> list[str]:
    """Return the URL of every feed."""
    return [f"http://{site.host}:{port}{path}" for site in _sites(current) for path in site.feeds]


def _sites(current: list[Story]) -> list[Site]:
    return list({story.site.key: story.site for story in current}.values())


class Newsroom:
    """The sites, served from a daemon thread while the context lasts. Port 0 takes a free one."""

    def __init__(self, port: int, started_at: datetime) -> None:
        self.port = port
        self.started_at = started_at.replace(microsecond=0)
        self.corrected_at: datetime | None = None
        self.requests: dict[str, int] = {}
        """How often each URL was asked for, so that a test can prove that nothing is fetched twice."""
        self._lock = threading.Lock()
        self._answers: dict[str, Answer] = {}
        self._server: _Server | None = None

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", self.port), _handler(self))
        self.port = self._server.server_address[1]
        self._answers = build(self.current(), self.port)
        threading.Thread(target=self._server.serve_forever, name="newsroom", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()

    def current(self) -> list[Story]:
        """Return the stories as they stand now."""
        return edition(self.started_at, self.corrected_at)

    def feeds(self) -> list[str]:
        """Return the URL of every feed."""
        return feed_urls(self.current(), self.port)

    def expected(self) -> list[Expected]:
        """Return what each listed URL must become."""
        return expected(self.current(), self.port)

    def searches(self) -> list[Search]:
        """Return the searches that must find some of the documents."""
        return searches(self.current(), self.port)

    def publish_update(self) -> None:
        """Publish the correction, once: later than the first version, never in the future of a real clock."""
        if self.corrected_at is None:
            now = datetime.now(UTC).replace(microsecond=0)
            self.corrected_at = max(now, self.started_at + timedelta(seconds=1))
            self._answers = build(self.current(), self.port)

    def answer(self, host: str, path: str) -> Answer:
        """Return the answer to one request, and count it."""
        url = f"http://{host.lower()}{path}"
        with self._lock:
            self.requests[url] = self.requests.get(url, 0) + 1
        if path == UPDATE:
            self.publish_update()
            return text(200, "published\n")
        return self._answers.get(url) or text(404, "not found\n")


class _Server(ThreadingHTTPServer):
    request_queue_size = 128
    """Connections waiting to be accepted: the default of 5 makes a burst of fetches wait a second."""


def _handler(newsroom: Newsroom) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else head and body, two writes, cost 40 ms

        def handle(self) -> None:
            with contextlib.suppress(ConnectionError):  # fetchers may be killed
                super().handle()

        def do_GET(self) -> None:
            answer = newsroom.answer(self.headers.get("Host", ""), self.path)
            fresh = answer.status == HTTPStatus.OK and self.headers.get("If-None-Match") == answer.etag
            self.send_response(HTTPStatus.NOT_MODIFIED if fresh else answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("ETag", answer.etag)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(b"" if fresh else answer.body)

        def log_message(self, *_: object) -> None:
            """Stay silent: the demo's terminal shows the pipeline, and `requests` knows the rest."""

    return Handler


def main() -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(description="Serve the demo newsroom on loopback.")
    parser.add_argument("--port", type=int, default=8085)
    parser.add_argument("--started-at", type=datetime.fromisoformat, default=datetime.now(UTC))
    arguments = parser.parse_args()
    with Newsroom(arguments.port, arguments.started_at) as newsroom:
        print("\n".join(newsroom.feeds()), flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
