"""OPML in and out."""

import pytest

from ingest.errors import Permanent
from ingest.files.opml import read_opml

FILE = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.0"><head><title>اشتراكاتي</title></head><body>
<outline text="سياسة" title="سياسة"><outline text="صحف"><outline type="rss" text="الفجر" title="فجر المنارة"
 xmlUrl="https://fajr.example/rss.xml" htmlUrl="https://fajr.example/"/></outline></outline>
<outline type="rss" text="سنابل" xmlurl="feed:https://sanabel.example/atom.xml"/>
<outline type="rss" text="الفجر ثانية" xmlUrl="https://fajr.example/rss.xml"/>
<outline type="rss" text="بلا عنوان" xmlUrl="gopher://old.example/"/>
<outline type="include" text="قائمة أخرى" url="https://lists.example/more.opml"/>
<outline xmlUrl="https://qandil.example/feed?a=1&b=2"/>
</body></opml>"""
FAJR = {"kind": "feed", "url": "https://fajr.example/rss.xml", "name": "فجر المنارة"}


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "windows-1256"])
def test_every_feed_of_a_list_whatever_its_nesting(charset: str) -> None:
    found, problems = read_opml(FILE.replace("UTF-8", charset).encode(charset))
    assert found[0] == FAJR
    assert [(one["name"], one["url"]) for one in found[1:]] == [
        ("سنابل", "https://sanabel.example/atom.xml"),
        ("qandil.example", "https://qandil.example/feed?a=1&b=2"),
    ]
    assert problems == ("1 ampersands are not escaped", "outline 4 ('بلا عنوان') has no http(s) address")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not_opml"),
        (b"<rss/>", "not_opml"),
        (b"\x89PNG", "not_opml"),
        (b'<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/hostname">]><opml>&x;</opml>', "xml_dtd"),
    ],
)
def test_what_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(Permanent) as caught:
        read_opml(body)
    assert caught.value.reason == reason


def test_a_broken_list_is_read_as_far_as_possible() -> None:
    found, problems = read_opml(FILE[: FILE.index('<outline type="include"') + 20].encode())
    assert [one["name"] for one in found] == ["فجر المنارة", "سنابل"]
    assert problems[0].startswith("malformed")
