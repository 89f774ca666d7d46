"""A search that is followed, and one that is taken along as a file."""

import csv
import json
import re
from io import StringIO
from pathlib import Path
from typing import Any

import feedparser
import pytest
from starlette.testclient import TestClient

from ingest.desk.export import LINES, portions
from tests.fake_search import FakeNews
from tests.unit.workers.desk.conftest import token
from tests.unit.workers.desk.news import FIRST, NOW, article
from workers.desk import library
from workers.desk.feeds import Feeds


@pytest.fixture
def addresses(reader: TestClient) -> dict[str, str]:
    """Follow a search; return the addresses of its feeds by format."""
    page = reader.get("/follow?q=القطن").text
    (query,) = re.findall('name="query" value="([^"]+)"', page)
    answer = reader.post("/follow", data={"token": token(reader, "/follow"), "query": query})
    found = re.findall(r'href="(/feeds/[^/]+/([^"]+))"', answer.text)
    return {name: address for address, name in found}


@pytest.mark.parametrize("name", ["atom.xml", "rss.xml"])
def test_a_feed_reader_needs_no_session(visitor: TestClient, addresses: dict[str, str], name: str) -> None:
    visitor.cookies.clear()
    answer = visitor.get(addresses[name])
    found: Any = feedparser.parse(answer.content)
    assert not found.bozo
    assert found.feed.title == "ورّاق: القطن"
    assert [entry.title for entry in found.entries] == ["ارتفاع أسعار القطن", "نتائج الانتخابات البلدية"]
    assert found.entries[0].link == f"https://dafatir.example/{FIRST}"
    assert found.entries[0].author == "منى السعيد"


def test_a_json_feed(visitor: TestClient, addresses: dict[str, str]) -> None:
    visitor.cookies.clear()
    found = visitor.get(addresses["feed.json"]).json()
    assert found["version"] == "https://jsonfeed.org/version/1.1"
    assert found["items"][0]["title"] == "ارتفاع أسعار القطن"
    assert found["items"][0]["date_published"].startswith("2026-11-27T11:00")


def test_a_feed_that_has_not_changed_is_not_sent_again(visitor: TestClient, addresses: dict[str, str]) -> None:
    first = visitor.get(addresses["atom.xml"])
    again = visitor.get(addresses["atom.xml"], headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_feed_ends_when_somebody_ends_it(reader: TestClient, addresses: dict[str, str]) -> None:
    (key,) = re.findall('name="id" value="([^"]+)"', reader.get("/follow").text)
    reader.post("/follow/end", data={"token": token(reader, "/follow"), "id": key})
    assert reader.get(addresses["atom.xml"]).status_code == 404


@pytest.mark.parametrize("change", [("/feeds/", "/feeds/x"), (".xml", ".html"), ("/feeds/", "/feeds/../")])
def test_an_address_that_is_not_ours_is_none(
    visitor: TestClient, addresses: dict[str, str], change: tuple[str, str]
) -> None:
    visitor.cookies.clear()
    answer = visitor.get(addresses["atom.xml"].replace(*change), follow_redirects=False)
    assert answer.status_code in {303, 404}


@pytest.mark.parametrize(
    ("header", "status"), [("W/{}", 304), ('"a", {}', 304), ("", 200), ("{}x", 200), ('W/"a"', 200)]
)
def test_a_tag_that_was_weakened_on_its_way_is_known(
    visitor: TestClient, addresses: dict[str, str], header: str, status: int
) -> None:
    tag = visitor.get(addresses["atom.xml"]).headers["etag"]
    assert visitor.get(addresses["atom.xml"], headers={"if-none-match": header.format(tag)}).status_code == status


def test_an_empty_feed_stays_the_same(visitor: TestClient, news: FakeNews, addresses: dict[str, str]) -> None:
    news.docs.clear()
    assert "2026-11-27T12:00:00+00:00" in visitor.get(addresses["atom.xml"]).text, "when it was asked for"


@pytest.mark.parametrize("name", ["atom.xml", "rss.xml"])
def test_hostile_texts_do_nothing_in_a_feed_reader(
    visitor: TestClient, news: FakeNews, addresses: dict[str, str], name: str
) -> None:
    bad = "<img src=x onerror=alert(1)>\x0b"
    news.docs[0] |= {"summary": bad, "section": bad, "language": "ar\x0b", "url": f"https://a.example/{bad}"}
    found: Any = feedparser.parse(visitor.get(addresses[name]).content, sanitize_html=False)
    assert not found.bozo
    assert "<img" not in found.entries[0].summary or found.entries[0].summary_detail.type == "text/plain"


@pytest.mark.parametrize(
    ("query", "status"), [("source=a&" * 300, 200), ("from=never", 400), (f"source={'a' * 9_000}", 400)]
)
def test_a_search_that_no_page_shows_is_not_followed(reader: TestClient, query: str, status: int) -> None:
    form = {"token": token(reader, "/follow"), "query": query}
    assert reader.post("/follow", data=form).status_code == status


def test_the_same_search_is_followed_once(reader: TestClient, addresses: dict[str, str]) -> None:
    assert addresses
    assert 'name="query"' not in reader.get("/follow?q=القطن").text
    reader.post("/follow", data={"token": token(reader, "/follow"), "query": "q=القطن"})
    assert reader.get("/follow").text.count('id="feed-') == 1


@pytest.mark.usefixtures("addresses")
def test_the_page_of_addresses_is_not_packed(reader: TestClient) -> None:
    """Who sees how long a packed page is, and has it repeat a guess, finds out letter by letter what else it has."""
    page = reader.get("/follow", params={"q": "/feeds/" * 20}, headers={"accept-encoding": "gzip"})
    assert len(page.content) > 1000
    assert page.headers["content-encoding"] == "identity"
    assert reader.get("/", headers={"accept-encoding": "gzip"}).headers["content-encoding"] == "gzip"


def test_feeds_outlive_the_process(tmp_path: Path) -> None:
    made = Feeds(tmp_path, "key").follow("q=a", NOW)
    later = Feeds(tmp_path, "key")
    assert later.named(later.name(made)) == made
    assert Feeds(tmp_path, "another key").named(later.name(made)) is None


def test_what_another_version_has_written_is_read(tmp_path: Path) -> None:
    made = Feeds(tmp_path, "key").follow("q=a", NOW)
    file = tmp_path / "feeds.json"
    file.write_text(json.dumps([one | {"colour": "red"} for one in json.loads(file.read_text())]))
    assert Feeds(tmp_path, "key").all() == [made]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"))))


def test_a_csv_opens_right_in_excel(reader: TestClient, news: FakeNews) -> None:
    news.docs.append(article("a" * 32, "=HYPERLINK(1)", hours=1, authors=["أ", "ب"]))
    answer = reader.get("/export/csv?each=1")
    assert answer.content.startswith("\ufeffpublished_at,title".encode())
    assert 'filename="warraq-2026-11-27.csv"' in answer.headers["content-disposition"]
    found = rows(answer.content.decode())
    assert len(found) == len(news.docs)
    (formula,) = [one for one in found if one["id"] == "a" * 32]
    assert (formula["title"], formula["authors"]) == ("'=HYPERLINK(1)", "أ؛ ب")
    assert found[0]["published_at"] == "2026-11-27 13:00", "in the desk's zone"


@pytest.mark.parametrize(
    "title", ["=1", " =1", "+1", "-1", "@a", "\t=1", "＝1", "خبر;=1", "خبر; @a", "\u202e=1", "=\ud800"]
)
def test_no_cell_is_a_formula(reader: TestClient, news: FakeNews, title: str) -> None:
    """Not either where Excel takes semicolons for the ends of cells, as it does on Windows in Arabic."""
    news.docs[:] = [article("a" * 32, title, hours=1)]
    lines = reader.get("/export/csv").content.decode().splitlines()
    starts = [cell.strip(' "')[:1] for line in lines for cell in re.split("[,;]", line)]
    assert [one for one in starts if one and one in "=+-@＝\t"] == []


def test_a_line_of_ndjson_is_one_to_every_reader(reader: TestClient, news: FakeNews) -> None:
    title = "سطر\u2028آخر\x85و\u2029ثالث"
    news.docs[:] = [article("a" * 32, title, hours=1), article("b" * 32, "نصف \ud800", hours=2)]
    one, other = reader.get("/export/ndjson").text.splitlines()
    assert (json.loads(one)["title"], json.loads(other)["id"]) == (title, "b" * 32)


def test_who_asks_for_the_head_of_an_export_reads_nothing(reader: TestClient, news: FakeNews) -> None:
    asked = len(news.asked)
    assert reader.head("/export/csv").headers["content-type"].startswith("text/csv")
    assert len(news.asked) == asked


def test_ndjson_has_every_document_of_the_search(reader: TestClient, news: FakeNews) -> None:
    lines = reader.get("/export/ndjson?q=القطن").text.splitlines()
    assert json.loads(lines[0])["title"] == "ارتفاع أسعار القطن"
    assert len(lines) == 3
    assert news.points == 0, "the moment is closed"


def test_an_export_goes_on_beyond_a_portion(
    reader: TestClient, news: FakeNews, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "PORTION", 5)
    news.docs[:] = [article(f"{number:032x}", f"خبر {number}", hours=number) for number in range(1, 12)]
    assert len(rows(reader.get("/export/csv").content.decode())) == 11


def test_an_export_is_sent_many_lines_at_a_time() -> None:
    taken: list[int] = []
    lines = (f"{number}\n" for number in range(LINES + 1) if not taken.append(number))  # type: ignore[func-returns-value]
    sent = portions(lines)
    assert (next(sent).count("\n"), len(taken)) == (LINES, LINES)
    assert (next(sent), next(sent, None)) == (f"{LINES}\n", None)


def test_an_export_that_cannot_be_asked_says_so(reader: TestClient) -> None:
    assert reader.get("/export/csv?from=never").status_code == 400
    assert reader.get("/export/xls").status_code == 404
