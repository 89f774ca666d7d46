"""A site's wishes through real workers: what robots.txt closes, what asks not to be listed or kept, a busy host."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest
from elasticsearch import Elasticsearch

from ingest.document import ALIAS
from ingest.urls import article_id, canonical
from tests.stack.conftest import Command

pytestmark = pytest.mark.stack

PARAGRAPH = "قالت هيئة الموانئ إن الرصيف الجديد يستقبل أول سفينة في الأسبوع القادم بعد أعمال استمرت عاما كاملا. "
NAMES = ("open", "closed/1", "unlisted", "unkept", "busy")
BUSY_S = 2


class Site(BaseHTTPRequestHandler):
    asked: ClassVar[list[tuple[float, str]]] = []

    def do_GET(self) -> None:
        self.asked.append((time.monotonic(), self.path))
        root = f"http://{self.headers['Host']}"
        name = self.path.strip("/")
        if name == "robots.txt":
            self._say(200, "User-agent: *\nDisallow: /closed/\n")
        elif name == "feed":
            items = "".join(f"<item><title>{one}</title><link>{root}/{one}</link></item>" for one in NAMES)
            self._say(200, f"<rss version='2.0'><channel><title>t</title>{items}</channel></rss>")
        elif name == "busy" and [path for _, path in self.asked].count("/busy") == 1:
            self._say(429, "", Retry_After=str(BUSY_S))
        elif name in NAMES:
            words = {"unlisted": "noindex", "unkept": "noarchive"}.get(name, "all")
            text = f"<title>ميناء {name}</title><article><h1>ميناء {name}</h1><p>{PARAGRAPH * 8} {name}</p></article>"
            self._say(200, f"<html lang='ar'>{text}</html>", X_Robots_Tag=words)
        else:
            self._say(404, "no")

    def _say(self, status: int, body: str, **headers: str) -> None:
        self.send_response(status)
        for header, value in {"Content_Length": str(len(body.encode())), **headers}.items():
            self.send_header(header.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def root() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://port.localhost:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_a_sites_wishes_are_obeyed_and_seen(root: str, warraq: Command, elasticsearch: Elasticsearch) -> None:
    assert warraq("ingest", f"{root}/feed").returncode == 0, "a rejection is no failure"
    rejected: dict[str, str] = {}
    for reason in ("robots", "noindex"):
        rows = [json.loads(line) for line in warraq("failures", "--json", "--reason", reason).stdout.splitlines()]
        rejected |= {row["url"]: reason for row in rows if row["url"].startswith(root)}
    assert rejected == {f"{root}/closed/1": "robots", f"{root}/unlisted": "noindex"}
    elasticsearch.indices.refresh(index=ALIAS)
    ids = [article_id(canonical(f"{root}/{name}")) for name in NAMES]
    hits = elasticsearch.search(index=ALIAS, query={"ids": {"values": ids}})["hits"]["hits"]
    kept = {hit["_source"]["url"].rpartition("/")[2]: hit["_source"] for hit in hits}
    assert set(kept) == {"open", "unkept", "busy"}
    assert "body" in kept["open"]
    assert "body" in kept["unkept"], "noarchive: searchable, but no copy of the page is kept"
    assert kept["unkept"]["rights"]["robots"] == ["noarchive"]
    assert "its page is not in the store" in warraq("show", f"{root}/unkept").stdout
    assert "/closed/1" not in [path for _, path in Site.asked]
    assert [path for _, path in Site.asked].count("/robots.txt") <= 2, "two workers may ask at the same time"


def test_a_host_that_says_wait_is_left_alone(root: str, warraq: Command) -> None:
    warraq("ingest", f"{root}/feed")
    first, second = (at for at, path in Site.asked if path == "/busy")
    assert second - first >= BUSY_S
