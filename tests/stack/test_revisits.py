"""An edit on the real stack: it is seen at a look, kept, shown, and found by its old words."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from ingest.urls import article_id, canonical
from tests.stack.conftest import Command
from tests.stack.test_sources import TITLE, story

pytestmark = pytest.mark.stack

WITHIN_S = 60
HOURS = [round(number * 0.001, 3) for number in range(1, 15)]
"""Ages 3.6 s apart: however slow the machine is, one comes after the edit."""


@pytest.fixture(name="pages")
def _pages() -> Iterator[tuple[str, dict[str, str]]]:
    """Serve pages that a test can change; yield the site's address, and the pages by path."""
    pages: dict[str, str] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages.get(self.path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write((body or "").encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", pages
        server.shutdown()


def test_an_edit_is_seen_kept_and_shown(
    pages: tuple[str, dict[str, str]], warraq: Command, elasticsearch: Elasticsearch, tmp_path: Path
) -> None:
    home, served = pages
    served["/port"] = story()
    served["/"] = f"<html><title>أخبار</title><main><h2><a href='/port'>{TITLE} اليوم</a></h2></main>"
    sources = f"[[source]]\nurl = '{home}/'\nkind = 'index'\nselector = 'h2'\nrevisit_hours = {HOURS}\n"
    (tmp_path / "sources.toml").write_text(sources)
    assert warraq("sources", "import", str(tmp_path / "sources.toml")).returncode == 0
    key = article_id(canonical(f"{home}/port"))
    until(lambda: source_of(elasticsearch, key), bool)
    served["/port"] = story(f"{TITLE} في البصرة")
    document = until(lambda: source_of(elasticsearch, key), lambda one: bool(one.get("revisions")))
    assert (document["title"], document["first_title"], document["revisions"]) == (f"{TITLE} في البصرة", TITLE, 1)
    told = json.loads(warraq("history", key, "--json").stdout)
    assert [one["kinds"] for one in told["versions"]] == [["first"], ["headline"]]
    assert f"urn:warraq:{key}.1" in warraq("changes", "--since", "1h", "--kind", "headline", "--atom").stdout
    found = [json.loads(line) for line in warraq("search", TITLE, "--include-old", "--json").stdout.splitlines()]
    assert key in {one["id"] for one in found}


def source_of(elasticsearch: Elasticsearch, key: str) -> dict[str, Any]:
    """Return an article's document, or nothing."""
    found = elasticsearch.options(ignore_status=404).get(index=f"news-articles-{datetime.now(UTC):%Y.%m}", id=key)
    return dict(found.get("_source") or {})


def until(look: Callable[[], dict[str, Any]], wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Look until what is there is what is wanted; return it."""
    deadline = time.monotonic() + WITHIN_S
    while not wanted(found := look()):
        assert time.monotonic() < deadline, found
        time.sleep(0.2)
    return found
