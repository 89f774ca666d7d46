"""The newsroom on loopback: pages written and gzip'd beforehand, feeds of 50 items, a server of its own."""

import gzip
import random
import shutil
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from benchmarks.pipeline.corpus import Story
from benchmarks.pipeline.pages import feed, page

FEED_ITEMS: Final = 50
OTHERS: Final = 40
"""Stories that fill the menus and cards of one page."""
READY_S: Final = 10.0
NGINX: Final = """daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{ access_log off; sendfile on; keepalive_requests 100000; gzip_static always;
client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
types {{ application/rss+xml xml; text/plain txt; }} default_type text/html;
charset utf-8; charset_types application/rss+xml;
server {{ listen 127.0.0.1:{port}; root {folder}/www; }} }}
"""


class ServerError(Exception):
    """The page server did not start; the message says which."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Articles that one site publishes at the same moment: what one poll of its feed will find new."""

    host: int
    numbers: tuple[int, ...]


class Newsroom:
    """Prints pages, publishes them in feeds, serves both while the context lasts."""

    def __init__(self, folder: Path, told: Iterator[Story], hosts: int, port: int = 0) -> None:
        self.hosts = hosts
        self.server = ""
        self.port = port or _free_port()
        self.bytes_printed = 0
        self._folder = folder
        self._told = told
        self._around: deque[Story] = deque((next(told) for _ in range(OTHERS)), OTHERS)
        self._stories: list[tuple[str, Story, datetime]] = []
        self._batches = 0
        self._feeds: dict[int, deque[int]] = {}
        self._process: subprocess.Popen[bytes]
        shutil.rmtree(folder, ignore_errors=True)
        for name in ("a", "feed"):
            (folder / "www" / name).mkdir(parents=True)
        self._write("robots.txt", "User-agent: *\nDisallow: /admin/\n")
        self._write("feed/quiet.xml", feed(()))

    @property
    def pid(self) -> int:
        """The page server's process group."""
        return self._process.pid

    def feed_url(self, host: int) -> str:
        """Return the URL of a site's feed."""
        return f"http://n{host}.localhost:{self.port}/feed/{host}.xml"

    def print(self, count: int, batch: int) -> list[Batch]:
        """Write the next `count` pages, `batch` of them at each site in turn; nothing lists them yet."""
        batches = []
        for start in range(0, count, batch):
            host = self._batches % self.hosts
            self._batches += 1
            batches.append(Batch(host, tuple(self._print(host) for _ in range(min(batch, count - start)))))
        return batches

    def publish(self, batch: Batch) -> str:
        """List a batch first in its site's feed, after which older ones fall out; return the feed's URL."""
        items = self._feeds.setdefault(batch.host, deque(maxlen=FEED_ITEMS))
        items.extendleft(batch.numbers)
        self._write(f"feed/{batch.host}.xml", feed(self._stories[number] for number in items))
        return self.feed_url(batch.host)

    def _print(self, host: int) -> int:
        number, story = len(self._stories), next(self._told)
        url = f"http://n{host}.localhost:{self.port}/a/{number}.html"
        at = datetime.now(UTC).replace(microsecond=0)
        text = page(story, url, at, list(self._around), random.Random(number))
        self._write(f"a/{number}.html", text)
        self.bytes_printed += len(text.encode())
        self._around.append(story)
        self._stories.append((url, story, at))
        return number

    def _write(self, name: str, text: str) -> None:
        path = self._folder / "www" / f"{name}.gz"
        part = path.with_suffix(".part")
        part.write_bytes(gzip.compress(text.encode(), 6, mtime=0))
        part.replace(path)

    def __enter__(self) -> Self:
        nginx = shutil.which("nginx")
        self.server = "nginx" if nginx else "benchmarks.pipeline.server"
        conf = self._folder / "nginx.conf"
        conf.write_text(NGINX.format(folder=self._folder, port=self.port))
        own = [sys.executable, "-m", self.server, str(self._folder / "www"), str(self.port)]
        self._process = subprocess.Popen([nginx, "-c", str(conf)] if nginx else own, start_new_session=True)
        deadline = time.monotonic() + READY_S
        while not _listens(self.port):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise ServerError(f"{self.server} does not serve {self._folder} on port {self.port}")
            time.sleep(0.05)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.terminate()
        self._process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
