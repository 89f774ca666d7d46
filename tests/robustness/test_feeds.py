"""Feeds that are floods: none takes long, each says what was left off."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from ingest.discover import discover
from ingest.discover.parts import MOST
from ingest.errors import Permanent
from ingest.model import Page, Source
from ingest.polling.listing import Listing

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOME = "https://akhbar.example/"
URL = f"{HOME}feed"
CAP_S = 20.0
"""CPU seconds; a poll may take 110. The slowest needs about 2 s of a quiet machine's."""
ITEM = "<item><title>خبر</title><link>https://akhbar.example/1</link><description>موجز</description></item>"
HEAD = '<rss version="2.0"><channel><title>أخبار</title>'
END = "</channel></rss>"


LAUGHS = "".join(f'<!ENTITY l{n} "' + f"&l{n - 1};" * 10 + '">' for n in range(1, 10))
ENTITIES = {
    "billion laughs": f'<!DOCTYPE rss [<!ENTITY l0 "ها">{LAUGHS}]>{HEAD}<item><title>&l9;</title></item>{END}',
    "quadratic": '<!DOCTYPE rss [<!ENTITY a "'
    + "ا" * 50_000
    + f'">]>{HEAD}<item><title>{"&a;" * 5_000}</title></item>{END}',
    "external": '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    + HEAD
    + "<item><title>&x;</title></item>"
    + END,
    "parameter": '<!DOCTYPE rss [<!ENTITY % x SYSTEM "http://akhbar.example/x.dtd"> %x;]>' + HEAD + END,
    "lower case": '<!doctype rss [<!entity x "ها">]>' + HEAD + ITEM + END,
    "behind the items": HEAD + ITEM + END + '<!DOCTYPE rss [<!ENTITY x "ها">]>',
}

M = 200_000
"""Characters; the limit of a fetch is 10 million, and all these take time in proportion (measured)."""
FLOODS = {
    "items": HEAD + ITEM * 100_000 + END,
    "items never closed": HEAD + ITEM.replace("</item>", "") * 100_000,
    "JSON items": '{"version": "https://jsonfeed.org/version/1", "items": ['
    + ",".join(['{"url": "https://akhbar.example/1"}'] * 100_000)
    + "]}",
    "attributes": HEAD + "<item " + " ".join(f'a{n}="1"' for n in range(100_000)) + ">" + END,
    "elements in each other": HEAD + "<b>" * 30_000,
    "items in each other": HEAD + "<item>" * 100_000,
    "JSON in itself": '{"version": "https://jsonfeed.org/version/1", "items": ' + "[" * 100_000,
    "long number": '{"version": "https://jsonfeed.org/version/1", "items": [' + "9" * M + "]}",
    "long title": HEAD + ITEM.replace("خبر", "ا" * M) + END,
    "long link": HEAD + ITEM.replace("example/1", "example/" + "a" * M) + END,
    "long name": HEAD + ITEM.replace("<title>", f"<author>{'a@' * (M // 2)}</author><title>") + END,
    "categories": HEAD + ITEM.replace("<title>", "<category>خبر</category>" * 50_000 + "<title>") + END,
    "less-than": HEAD + ITEM + "<" * M + END,
    "ampersands": HEAD + ITEM + "&" * M + END,
    "open comments": HEAD + ITEM + "<!--" * (M // 4),
    "open CDATA": HEAD + ITEM + "<![CDATA[" * (M // 9),
    "open quotes": HEAD + '<a b="' * (M // 6),
    "document types": "<!DOCTYPE " * (M // 10) + HEAD + ITEM + END,
    "hours": HEAD + "<skipHours><hour>" * (3_000) + ITEM + END,
    "namespaces": '<rss version="2.0" '
    + " ".join(f'xmlns:a{n}="u{n}"' for n in range(20_000))
    + f"><channel>{ITEM}{END}",
}


HUNDRED_THOUSAND = {"items", "items never closed", "JSON items"}


@dataclass
class Read:
    listing: Listing
    cpu_s: float


def read(text: str) -> Read:
    start = time.process_time()
    listing = discover(Source("s", "feed", URL), Page(URL, 200, (), text.encode("utf-8", "surrogatepass"), NOW))
    return Read(listing, time.process_time() - start)


@pytest.mark.parametrize("name", ENTITIES)
def test_entities_are_refused_at_once(name: str) -> None:
    start = time.process_time()
    with pytest.raises(Permanent) as caught:
        read(ENTITIES[name])
    assert caught.value.reason == "xml_dtd"
    assert time.process_time() - start < 1.0


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_ends_in_time(name: str) -> None:
    done = read(FLOODS[name])
    assert len(done.listing.entries) <= MOST
    assert done.cpu_s < CAP_S
    if name in HUNDRED_THOUSAND:
        assert len(done.listing.entries) == MOST
        assert f"100000 entries: only the first {MOST} were read" in done.listing.problems


def test_of_a_feed_longer_than_the_most_the_first_are_read() -> None:
    items = "".join(ITEM.replace("example/1", f"example/{number}") for number in range(MOST + 5))
    listing = read(HEAD + items + END).listing
    assert len(listing.entries) == MOST
    assert listing.problems == (f"{MOST + 5} entries: only the first {MOST} were read",)


def test_an_entry_of_endless_tags_takes_no_other_entrys_place() -> None:
    endless, other = f"<link>/1</link><x>{'<a>' * 50_000}</x>", "<link>/2</link>"
    items = "".join(f"<item><title>خبر</title>{rest}</item>" for rest in (endless, other))
    listing = read(f"<rss version='2.0'><channel><link>{HOME}</link>{items}</channel></rss>").listing
    assert [entry.url for entry in listing.entries] == [f"{HOME}1", f"{HOME}2"]
    assert any("tags" in problem for problem in listing.problems)
