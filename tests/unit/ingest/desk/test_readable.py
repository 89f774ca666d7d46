"""A document as it may be shown, whichever version wrote it."""

from typing import Any

import pytest

from ingest.desk.readable import readable, readable_hit

KEY = "a" * 32
RESERVED = {"tdm_reserved": True}


@pytest.mark.parametrize("document", [{}, {"title": None, "url": None}, {"title": ""}])
def test_every_document_has_an_id_an_address_and_a_headline(document: dict[str, Any]) -> None:
    assert readable(document, KEY) == {"id": KEY, "url": "", "title": KEY}
    assert readable({"url": "https://a.example/"}, KEY)["title"] == "https://a.example/"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("2026-11-27T10:00:00+02:00", "2026-11-27T10:00:00+02:00"),
        ("2026-11-27", "2026-11-27T00:00:00+00:00"),
        ("2026-11-27T10:00:00", "2026-11-27T10:00:00+00:00"),
        ("9999-12-31T23:59:59Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("1795773600000", None),
        (1795773600000, None),
        ("", None),
    ],
)
def test_a_time_is_one_that_any_zone_can_show(written: object, shown: str | None) -> None:
    assert readable({"published_at": written}, KEY).get("published_at") == shown


def test_what_is_not_of_its_kind_is_made_so_or_left_out() -> None:
    found = readable({"rights": "x", "quality": [], "authors": "واحد", "tags": ["a", 1, None]}, KEY)
    assert (found["authors"], found["tags"]) == (["واحد"], ["a"])
    assert found.keys() == {"id", "url", "title", "authors", "tags"}


def test_halves_of_characters_are_replaced_wherever_they_are() -> None:
    found = readable({"title": "عنوان \ud800", "authors": ["\udfff"], "rights": {"tdm_policy": "\ud800"}}, KEY)
    assert str(found).encode()


@pytest.mark.parametrize(
    ("rights", "shown"),
    [
        ({}, {"body", "caption", "summary", "highlight"}),
        (RESERVED, {"summary"}),
        (RESERVED | {"basis": "licence"}, {"body", "caption", "summary", "highlight"}),
        ({"robots": ["noarchive"]}, {"summary"}),
        ({"robots": ["nocache", "nosnippet"]}, set()),
        ({"robots": ["noarchive"], "basis": "licence"}, {"body", "caption", "summary", "highlight"}),
        ({"robots": ["nosnippet"]}, {"body", "caption"}),
        ({"robots": ["nosnippet"], "basis": "licence"}, {"body", "caption", "summary", "highlight"}),
        ({"robots": None}, {"body", "caption", "summary", "highlight"}),
    ],
)
def test_no_list_shows_what_a_page_reserves(rights: dict[str, Any], shown: set[str]) -> None:
    document = {"rights": rights, "body": "نص", "caption": "صورة", "summary": "موجز"}
    hit = readable_hit({"_id": KEY, "_source": document, "highlight": {"body": ["\x02نص\x03"], "title": ["عنوان"]}})
    assert hit["highlight"]["title"] == ["عنوان"]
    found = {name for name in ("body", "caption", "summary") if name in hit["_source"]}
    assert found | ({"highlight"} if "body" in hit["highlight"] else set()) == shown
