"""Documents that are old, odd, reserved or only in part there: each page shows what it can, and nothing it must not."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.fake_search import FakeNews
from tests.unit.workers.desk.news import CHANGED, COPY, FIRST, RESERVED, article
from workers.desk.strings import STRINGS

KEY = "b" * 32
PATHS = (
    "/",
    "/?q=قطن",
    "/today",
    f"/article/{KEY}",
    f"/article/{KEY}/misread?part=body",
    "/export/csv",
    "/suggest?q=عن",
)
SECRET = "كلام محفوظ"


@pytest.mark.parametrize(
    "odd",
    [
        *({name: None} for name in ("title", "url", "site", "language", "direction", "story", "rights", "provenance")),
        {"modified_at": "9999-12-31T23:59:59Z", "gone_at": "0001-01-01T00:00:00+14:00"},
        {"published_at": "2026-11-27", "modified_at": "2026-11-27T10:00:00", "fetched_at": "x"},
        {"title": "عنوان \ud800", "site": "\ud800", "summary": "\ud800", "url": "https://a.example/\ud800"},
        {"quality": None, "authors": "واحد", "story_role": "first"},
    ],
    ids=str,
)
def test_no_document_takes_a_page_with_it(reader: TestClient, news: FakeNews, odd: dict[str, Any]) -> None:
    whole = article(KEY, "عنوان عن قطن", hours=2, revisions=1) | odd
    news.docs[:] = [{name: value for name, value in whole.items() if value is not None}]
    assert [(path, code) for path in PATHS if (code := reader.get(path).status_code) != 200] == []


@pytest.mark.parametrize("rights", [{"tdm_reserved": True}, {"robots": ["noarchive"]}], ids=["tdm", "noarchive"])
@pytest.mark.parametrize("key", [CHANGED, COPY])
def test_what_is_reserved_is_shown_nowhere(
    reader: TestClient, news: FakeNews, key: str, rights: dict[str, Any]
) -> None:
    """Its document may still have the text, its versions have it, and so may a copy that is compared with it."""
    (document,) = (one for one in news.docs if one["id"] == key)
    document |= {
        "rights": rights,
        "body": SECRET,
        "caption": SECRET,
        "published_at": news.docs[0]["published_at"],
    }
    feed = follow(reader)
    paths = [
        "/",
        "/?q=محفوظ",
        "/?q=محفوظ&exact=1&phrase=1",
        "/today",
        f"/article/{key}",
        f"/article/{key}/misread?part=body",
    ]
    for path in [*paths, "/export/csv", "/export/ndjson", "/suggest?q=كلا", *feed]:
        text = reader.get(path).text
        assert SECRET not in re.sub("</?mark>", "", text), path
        assert "<del>ثلاثة</del>" not in text, path
    assert STRINGS["text_reserved"][0] in reader.get(f"/article/{key}").text
    assert STRINGS["reference"][0] in reader.get("/?each=1").text


def follow(reader: TestClient) -> list[str]:
    form = {"token": reader.get("/follow").text.split('name="token" value="')[1].split('"')[0], "query": "each=1"}
    return re.findall(r'href="(/feeds/[^"]+)"', reader.post("/follow", data=form).text)


def test_a_reference_is_not_compared_with_what_it_copies(reader: TestClient, news: FakeNews) -> None:
    (copy,) = (one for one in news.indexed("news-articles-2026.11").values() if one[1]["id"] == COPY)
    copy[1].pop("body")
    assert STRINGS["what_changed"][0] not in reader.get(f"/article/{FIRST}").text


@pytest.mark.parametrize("missing", [{"timed_out": True}, {"_shards": {"failed": 1}}])
def test_results_that_are_not_all_say_so(
    reader: TestClient, news: FakeNews, monkeypatch: pytest.MonkeyPatch, missing: dict[str, Any]
) -> None:
    assert STRINGS["partial"][0] not in reader.get("/").text
    whole = news._answer
    monkeypatch.setattr(news, "_answer", lambda *args: whole(*args) | missing)
    assert STRINGS["partial"][0] in reader.get("/").text
    assert reader.get(f"/article/{RESERVED}").status_code == 200
    assert reader.get(f"/article/{KEY}").status_code == 503, "it may be in the part that is away"


def test_an_export_is_all_or_fails(reader: TestClient, news: FakeNews) -> None:
    reader.get("/export/csv")
    assert [one["allow_partial_search_results"] for one in news.asked if "pit" in one] == [False, False]


@pytest.mark.parametrize(("articles", "further"), [(20, False), (21, True)])
def test_a_next_page_is_offered_where_there_is_one(
    reader: TestClient,
    news: FakeNews,
    articles: int,
    further: bool,  # noqa: FBT001  # pytest's
) -> None:
    news.docs[:] = [article(f"{number:032x}", f"خبر {number}", hours=number) for number in range(1, articles + 1)]
    page = reader.get("/").text
    assert (page.count("<li>\n      <article"), 'rel="next"' in page) == (20, further)


def test_a_page_beyond_the_last_says_so(reader: TestClient) -> None:
    page = reader.get("/?page=7").text
    assert STRINGS["past_the_end"][0] in page
    assert STRINGS["nothing"][0] not in page
