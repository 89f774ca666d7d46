"""JSON Feed 1.0 and 1.1, sound and broken."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from ingest.discover import discover
from ingest.model import Entry, Page, Source
from ingest.polling.listing import Further, Listing

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
AT = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
URL = "https://akhbar.example/feed.json"
ITEM: dict[str, Any] = {
    "id": "https://akhbar.example/1",
    "url": "https://akhbar.example/1",
    "title": "افتتاح المعرض",
    "content_html": "<p>افتتح المعرض</p><p>أمس</p>",
    "image": "/1.jpg",
    "date_published": "2026-11-23T10:30:00+03:00",
    "date_modified": "2026-11-23T11:00:00Z",
    "tags": ["ثقافة", "معارض", None, {}],
}


def read(feed: Any, *, full_text: bool = False) -> Listing:
    text = feed if isinstance(feed, str) else json.dumps(feed, ensure_ascii=False)
    page = Page(URL, 200, (("Content-Type", "application/feed+json"),), text.encode("utf-8", "surrogatepass"), NOW)
    return discover(Source("s", "auto", URL, full_text=full_text), page)


def feed(*items: Any, **head: Any) -> dict[str, Any]:
    return {"version": "https://jsonfeed.org/version/1.1", "title": "أخبار", **head, "items": list(items)}


def test_all_that_an_item_says() -> None:
    head = {"language": "ar", "authors": [{"name": "هيئة التحرير"}], "next_url": f"{URL}?page=2", "feed_url": URL}
    listing = read(feed(ITEM, **head, hubs=[{"type": "WebSub", "url": "https://hub.example/"}]))
    entry = Entry(
        url="https://akhbar.example/1",
        title="افتتاح المعرض",
        summary="افتتح المعرض أمس",
        published_at=AT,
        updated_at=datetime(2026, 11, 23, 11, 0, tzinfo=UTC),
        language="ar",
        authors=("هيئة التحرير",),
        tags=("ثقافة", "معارض"),
        image="https://akhbar.example/1.jpg",
    )
    further = (Further(f"{URL}?page=2", older=True),)
    assert listing == Listing((entry,), (), further, self_url=URL, hub_url="https://hub.example/")


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"author": {"name": "ليلى حداد"}}, {"authors": ("ليلى حداد",)}),
        ({"language": "fr"}, {"language": "fr"}),
        ({"summary": "موجز"}, {"summary": "موجز"}),
        ({"content_html": "", "content_text": "سطر\nوآخر"}, {"summary": "سطر وآخر"}),
        ({"url": ""}, {"url": "https://akhbar.example/1"}),
        ({"url": None, "id": "7", "external_url": "https://other.example/1"}, {"url": "https://other.example/1"}),
        ({"image": None, "banner_image": "/b.jpg"}, {"image": "https://akhbar.example/b.jpg"}),
        ({"title": None, "tags": "ثقافة", "authors": "ليلى"}, {"title": "", "tags": ("ثقافة",), "authors": ("ليلى",)}),
        ({"date_published": 1795000000}, {"published_at": datetime(2026, 11, 18, 11, 6, 40, tzinfo=UTC)}),
    ],
)
def test_one_field(item: dict[str, Any], expected: dict[str, Any]) -> None:
    (entry,) = read(feed(ITEM | item)).entries
    assert {name: getattr(entry, name) for name in expected} == expected


@pytest.mark.parametrize(
    "item", [5, None, [], "خبر", {}, {"url": "javascript:x()"}, {"url": "/relative", "id": 5, "title": 5}]
)
def test_an_item_that_is_none_is_named(item: Any) -> None:
    listing = read(feed(ITEM, item))
    assert len(listing.entries) == (2 if isinstance(item, dict) and item.get("url") == "/relative" else 1)
    assert len(listing.entries) + len(listing.problems) == 2


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[: text.rindex("{")],
        lambda text: text[:-1],
        lambda text: text[:-2] + ",]}",
        lambda text: text + "x",
        lambda text: text[:-2] + "," + "[" * 100_000,
    ],
)
def test_a_broken_feed_gives_its_whole_items(spoil: Any) -> None:
    listing = read(spoil(json.dumps(feed(ITEM, ITEM | {"url": "https://akhbar.example/2"}))))
    assert listing.entries[0].title == "افتتاح المعرض"
    assert listing.problems[0].startswith("malformed")


def test_line_ends_in_strings_and_lone_surrogates_are_read() -> None:
    text = json.dumps(feed(ITEM | {"title": "خبر\nعاجل"}), ensure_ascii=False).replace("\\n", "\n")
    assert read(text).entries[0].title == "خبر عاجل"
    (entry,) = read(json.dumps(feed(ITEM | {"title": "خبر \ud800", "url": "https://akhbar.example/\ud800"}))).entries
    assert (entry.title + entry.url).encode()


def test_full_text_holds_the_page() -> None:
    (entry,) = read(feed(ITEM | {"content_html": "<p>" + "افتتح المعرض أمس. " * 30}), full_text=True).entries
    assert entry.page
    assert "افتتح المعرض أمس" in entry.page.body.decode()
