"""The desk on the real stack: real analyzers, a real suggester, a key that can only read."""

import re
import socket
import time
from pathlib import Path

import pytest
import requests

from deploy.demo.newsroom import Newsroom
from deploy.demo.proof import Proof
from deploy.local.stack import Stack
from tests.stack.conftest import Command
from workers.settings import secret

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def desk(stack: Stack, newsroom: Newsroom, warraq: Command) -> requests.Session:
    """Return somebody who has signed in, with the newsroom's articles indexed."""
    warraq("ingest", *newsroom.feeds())
    return signed_in(stack, "reader")


class Browser(requests.Session):
    """Asks one desk."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.base = base

    def get(self, url: str | bytes, **options: object) -> requests.Response:
        return super().get(f"{self.base}{url!s}", timeout=10, **options)  # type: ignore[arg-type]  # requests' own

    def submit(self, path: str, page: str, **fields: str) -> requests.Response:
        """Send a form of a page."""
        token = self.get(page).text.split('name="token" value="')[1].split('"')[0]
        answer = self.post(f"{self.base}{path}", {"token": token, **fields}, timeout=10)
        assert answer.status_code == 200, answer.text[:2000]
        return answer


def signed_in(stack: Stack, role: str) -> Browser:
    browser = Browser(f"http://127.0.0.1:{stack.desk_port}")
    password = secret(Path(stack.env["WARRAQ_SECRETS_DIR"]) / "people" / f"desk_{role}_password")
    browser.submit("/login", "/login", name=role, password=password)
    return browser


def hits(page: requests.Response) -> list[str]:
    assert page.status_code == 200, page.text[:2000]
    return [re.sub("<[^>]+>", "", one) for one in re.findall(r'<h2 dir="auto">(.*?)</h2>', page.text)]


def test_words_are_found_by_their_stems_and_marked(desk: Browser, proof: Proof) -> None:
    assert proof
    page = desk.get("/?q=سعر القطن")
    assert hits(page)[0] == "ارتفاع أسعار القطن يعيد المزارعين إلى المحصول الأبيض"
    assert "<mark>أسعار</mark> <mark>القطن</mark>" in page.text


def test_words_that_say_nothing_are_not_marked(desk: Browser) -> None:
    page = desk.get("/?q=القطن من المزارعين في القرية").text
    assert "<mark>القطن</mark>" in page
    assert [one for one in ("في", "من", "إلى") if f"<mark>{one}</mark>" in page] == []


@pytest.mark.parametrize(
    "query", ["", "q=القطن&sort=recent", "q=القرية&exact=1", 'q="شيخ القرية"', "q=-القرية", "from=30d"]
)
def test_every_kind_of_search_is_understood(desk: Browser, query: str) -> None:
    page = desk.get(f"/?{query}")
    found = hits(page)
    assert found
    assert ("<rect" in page.text) == (len(found) > 1), "one article needs no histogram"


def test_a_facet_narrows(desk: Browser) -> None:
    page = desk.get("/?q=القرية").text
    (link, *_) = re.findall(r'id="facet-section-\d+" href="([^"]+)"', page)
    assert 0 < len(hits(desk.get(link.replace("&amp;", "&")))) < len(hits(desk.get("/?q=القرية")))


@pytest.mark.parametrize(("typed", "meant"), [("hgr'k", "القطن"), ("السواقيي", "السواقي")])
def test_did_you_mean_knows_the_indexs_words(desk: Browser, typed: str, meant: str) -> None:
    page = desk.get(f"/?q={typed}&exact=1").text
    assert f"<bdi>{meant}</bdi></a>" in page.partition('class="guess"')[2]


def test_a_search_that_is_typed_is_completed(desk: Browser) -> None:
    assert 'value="القطن"' in desk.get("/suggest?q=القط").text


def test_an_article_is_read(desk: Browser) -> None:
    page = desk.get("/?q=سعر القطن").text
    (path, *_) = re.findall(r'href="(/article/[0-9a-f]{32})"', page)
    shown = desk.get(path).text
    assert "عاد مزارعو محافظة السواقي" in shown


@pytest.mark.parametrize("path", ["/today", "/sources", "/failures", "/failures?reason=http_404", "/follow"])
def test_every_page_is_read_with_a_key_that_can_only_read(desk: Browser, path: str) -> None:
    assert desk.get(path).status_code == 200


def test_a_search_is_exported_and_followed(desk: Browser) -> None:
    exported = desk.get("/export/ndjson?q=القرية&each=1").text.splitlines()
    assert len(exported) > 1
    page = desk.submit("/follow", "/follow", query="q=القرية").text
    (path, *_) = re.findall(r'href="(/feeds/[^/]+/feed.json)"', page)
    anybody = Browser(desk.base)
    assert anybody.get(path).json()["items"][0]["title"]


def test_an_editors_order_is_done_by_the_workers(stack: Stack, desk: Browser, newsroom: Newsroom) -> None:
    assert desk
    editor = signed_in(stack, "editor")
    page = editor.submit("/orders", "/sources", what="try", url=newsroom.feeds()[0])
    deadline = time.monotonic() + 20
    while 'hx-get="/sources?order' in page.text and time.monotonic() < deadline:
        time.sleep(0.5)
        page = again(editor, page)
    assert "<details><summary>" in page.text.split('id="orders"')[1]


def again(browser: Browser, page: requests.Response) -> requests.Response:
    return browser.get(page.url.removeprefix(browser.base).partition("#")[0])


def test_a_megabyte_of_query_is_refused_in_words(desk: Browser, stack: Stack) -> None:
    with socket.create_connection(("127.0.0.1", stack.desk_port), timeout=10) as connection:
        connection.sendall(b"GET /?q=" + b"a" * 1_000_000 + b" HTTP/1.1\r\nHost: a\r\nAccept-Language: en\r\n\r\n")
        answer = connection.recv(65_536)
    assert answer.startswith(b"HTTP/1.1 414 ")
    assert desk.get("/?page=50").status_code == 200
    assert desk.get("/?page=51").status_code == 400
