"""A site's address is enough: what lists its news is found, polled, written down, read back; files need no site."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from ingest.document import ALIAS
from ingest.model import Page
from ingest.urls import article_id, canonical
from tests.stack.conftest import Command
from workers.store.pages import _pack

pytestmark = pytest.mark.stack

PARTS = ("الأول", "الثاني", "الثالث", "الرابع", "الخامس", "السادس")
STORY = (
    '<html lang="ar"><head><title>{title}</title></head><body><article><h1>{title}</h1>{text}</article></body></html>'
)
TITLE = "الميناء يفتتح رصيفه الجديد بعد أعوام من العمل"


def story(title: str = TITLE, day: str = "غدا") -> str:
    text = "".join(
        f"<p>قال متحدث باسم الميناء إن الرصيف {part} جاهز لاستقبال السفن، وإن العمل فيه يبدأ {day}.</p>"
        for part in PARTS
    )
    return STORY.format(title=title, text=text)


@pytest.fixture(name="site")
def _site() -> Iterator[str]:
    """Serve a site with a sitemap in two parts, which robots.txt names, and yield its address."""
    pages: dict[str, str] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages.get(self.path)
            self.send_response(404 if body is None else 200)
            kind = (
                "text/plain"
                if self.path.endswith(".txt")
                else "text/xml"
                if self.path.endswith(".xml")
                else "text/html"
            )
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.end_headers()
            self.wfile.write((body or "<p>404").encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        home = f"http://127.0.0.1:{server.server_port}"
        urls = [f"{home}/news/2026/port-opens-{number}" for number in range(3)]
        pages["/"] = "<html><title>أخبار</title><a href='/sport'>رياضة</a>"
        pages["/robots.txt"] = f"User-agent: *\nAllow: /\nSitemap: {home}/news.xml"
        parts = "".join(f"<sitemap><loc>{home}/part{number}.xml</loc></sitemap>" for number in range(2))
        pages["/news.xml"] = f"<sitemapindex>{parts}</sitemapindex>"
        pages["/part0.xml"] = f"<urlset><url><loc>{urls[0]}</loc></url><url><loc>{urls[1]}</loc></url></urlset>"
        pages["/part1.xml"] = f"<urlset><url><loc>{urls[2]}</loc></url></urlset>"
        pages |= {url.removeprefix(home): story(f"{TITLE} {number}") for number, url in enumerate(urls)}
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield home
        server.shutdown()


def test_a_sites_address_is_enough(site: str, warraq: Command, tmp_path: Path, elasticsearch: Elasticsearch) -> None:
    added = warraq("sources", "add", site, "--name", "ميناء")
    assert added.returncode == 0
    assert f"{site}/news.xml (sitemap): robots.txt names it" in added.stdout
    assert "3 listed, 3 new" in added.stdout
    warraq("ingest", site)
    elasticsearch.indices.refresh(index=ALIAS)
    for number in range(3):
        key = article_id(canonical(f"{site}/news/2026/port-opens-{number}"))
        assert elasticsearch.get(index=f"news-articles-{datetime.now(UTC):%Y.%m}", id=key)["_source"]["title"]
    written = warraq("sources", "export")
    (tmp_path / "list.opml").write_text(written.stdout, encoding="utf-8")
    assert f'xmlUrl="{site}/news.xml"' in written.stdout
    assert warraq("sources", "import", str(tmp_path / "list.opml")).returncode == 0
    for url in (f"{site}/news.xml",):
        assert warraq("sources", "remove", url).returncode == 0


def archived(file: Path, urls: Sequence[str]) -> None:
    """Write a WARC file with a story at each of some addresses."""
    at, headers = datetime(2016, 9, 1, tzinfo=UTC), (("Content-Type", "text/html; charset=utf-8"),)
    pages = [
        Page(url, 200, headers, story(day=f"بعد {number + 2} يوما").encode(), at) for number, url in enumerate(urls)
    ]
    file.write_bytes(b"".join(_pack(f"{number:032x}", page, at) for number, page in enumerate(pages)))


def test_archives_and_saved_pages_are_ingested(tmp_path: Path, warraq: Command, elasticsearch: Elasticsearch) -> None:
    urls = [f"https://archive.example/{tmp_path.name}/{number}" for number in range(2)]
    archived(tmp_path / "a.warc.gz", urls)
    (tmp_path / "b.html").write_text(story())
    done = warraq("ingest", str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    elasticsearch.indices.refresh(index=ALIAS)
    for url in (*urls, (tmp_path / "b.html").as_uri()):
        hit = elasticsearch.get(index=f"news-articles-{datetime.now(UTC):%Y.%m}", id=article_id(canonical(url)))
        assert hit["_source"]["body"].startswith("قال متحدث")


def test_archives_that_share_articles_are_taken_in_side_by_side(
    tmp_path: Path, warraq: Command, elasticsearch: Elasticsearch
) -> None:
    urls = [f"https://shared.example/{tmp_path.name}/{number}" for number in range(60)]
    files = {tmp_path / "a.warc.gz": urls[:45], tmp_path / "b.warc.gz": urls[15:], tmp_path / "c.warc.gz": urls}
    for file, some in files.items():
        archived(file, some)
    with ThreadPoolExecutor() as pool:
        done = list(pool.map(warraq, ["ingest"] * 3, map(str, files)))
    assert [one.returncode for one in done] == [0] * 3, [one.stdout + one.stderr for one in done]
    elasticsearch.indices.refresh(index=ALIAS)
    found = elasticsearch.search(index=ALIAS, query={"term": {"host": "shared.example"}}, size=100)
    assert sorted(hit["_source"]["url"] for hit in found["hits"]["hits"]) == sorted(urls), "each once"
