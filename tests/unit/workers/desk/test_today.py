"""Today, the sources, and what did not get in."""

import pytest
from starlette.testclient import TestClient

from ingest.document import SOURCES
from tests.fake_search import FakeNews
from tests.unit.workers.desk.news import CHANGED, COPY, FIRST
from workers.desk import sources
from workers.desk.strings import STRINGS


def test_today_shows_what_is_new_and_what_many_tell(reader: TestClient) -> None:
    page = reader.get("/today").text
    new, large = page.split('id="fresh"')[1], page.split('id="largest"')[1].split('id="fresh"')[0]
    assert f'href="/article/{FIRST}"' in new
    assert f'href="/article/{FIRST}#story"' in large
    assert "ناشران" in large
    assert f'href="/article/{CHANGED}#history"' in large
    assert STRINGS["kind_headline"][0] in large


def test_a_story_whose_first_article_is_gone_is_told_by_the_next(reader: TestClient, news: FakeNews) -> None:
    news.docs[:] = [one for one in news.docs if one["id"] != FIRST]
    large = reader.get("/today").text.split('id="largest"')[1].split('id="changed"')[0]
    assert f'href="/article/{COPY}#story"' in large
    assert "ناشران" in large


def test_a_story_is_of_the_day_on_which_it_began_at_the_desk(reader: TestClient, news: FakeNews) -> None:
    reader.get("/today")
    zones = [one["query"]["range"]["first_at"].get("time_zone") for one in news.asked if "first_at" in str(one)[:60]]
    assert zones == ["Africa/Cairo"]


def test_today_says_how_it_goes_and_who_is_silent(reader: TestClient) -> None:
    page = reader.get("/today").text
    assert "انتهى العمل على 3 أخبار في آخر عشر دقائق" in page
    assert "مصدر واحد متعثر" in page
    assert "سنابل المشرق" in page.split('id="quiet"')[1]


def test_an_earlier_day_has_its_news_and_no_health_of_now(reader: TestClient) -> None:
    page = reader.get("/today?day=2026-02-28").text
    assert 'href="/today?day=2026-02-27"' in page
    assert 'href="/today?day=2026-03-01"' in page
    assert 'class="health"' not in page
    assert 'id="quiet"' not in page
    assert 'rel="next"' not in reader.get("/today").text
    assert 'rel="next"' not in reader.get("/today?day=9999-12-31").text


@pytest.mark.parametrize("day", ["2026-02-30", "x", "<b>", "0001-01-01", "1899-12-31", "1" * 300])
def test_a_day_that_is_none_is_said(reader: TestClient, day: str) -> None:
    answer = reader.get("/today", params={"day": day})
    assert answer.status_code == 400
    assert "2026-07-01" in answer.text


def test_sources_that_need_somebody_come_first(reader: TestClient) -> None:
    page = reader.get("/sources").text
    assert page.index("مرصد الميناء") < page.index("سنابل المشرق") < page.index("دفاتر الوادي")
    assert "http_503" in page
    assert "2 جديدًا من 30" in page
    assert 'href="/failures?source=' in page


def test_a_source_that_rests_is_listed_too(reader: TestClient, news: FakeNews) -> None:
    version, fields = news.indexed(SOURCES)[f"{1:032x}"]
    news.indexed(SOURCES)[f"{1:032x}"] = (version, fields | {"paused": True})
    assert STRINGS["condition_paused"][0] in reader.get("/sources").text


def test_ten_thousand_sources_are_pages_that_can_be_searched(
    editor: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 'name="find"' not in editor.get("/sources").text
    monkeypatch.setattr(sources, "PER_PAGE", 2)
    first, last = editor.get("/sources").text, editor.get("/sources?page=99").text
    assert (first.count('<th scope="row">'), last.count('<th scope="row">')) == (2, 1)
    assert "3 مصادر" in first
    assert 'href="/sources?find=&amp;page=2"' in first
    assert 'href="/sources?find=&amp;page=1"' in last
    found = editor.get("/sources", params={"find": "الميناء"}).text
    assert (found.count('<th scope="row">'), "مرصد الميناء" in found) == (1, True)
    assert STRINGS["source_none"][0] in editor.get("/sources?find=<b>").text


def test_what_did_not_get_in_is_counted_then_listed(reader: TestClient) -> None:
    counted = reader.get("/failures").text
    assert "http_404" in counted
    assert "paywall" in counted
    assert "answered 404" not in counted
    listed = reader.get("/failures?reason=http_404").text
    assert "خبر لم يدخل &lt;b&gt;" in listed
    assert "answered 404" in listed
    assert "warraq retry" not in listed, "that is the editor's"


def test_a_removed_source_is_called_one_by_its_articles_host(news: FakeNews, reader: TestClient) -> None:
    assert STRINGS["source_removed"][0] not in reader.get("/failures").text
    news.indexed(SOURCES).clear()
    page = reader.get("/failures").text
    assert page.count(f"{STRINGS['source_removed'][0]}: <bdi>s</bdi>") == page.count(STRINGS["source_removed"][0]) > 0


@pytest.mark.parametrize("path", ["/today", "/sources", "/failures", "/follow"])
def test_a_new_archive_has_pages_too(reader: TestClient, news: object, path: str) -> None:
    news.names.clear()  # type: ignore[attr-defined]  # a fake
    news.docs.clear()  # type: ignore[attr-defined]
    assert reader.get(path).status_code == 200
