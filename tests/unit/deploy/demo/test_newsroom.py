"""The demo's newsroom keeps its word: the pages hold what is expected of them, the special cases are all there."""

import gzip
import re
import unicodedata
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser
import lxml.html
import pytest

from deploy.demo.content import Expected, Story, edition, stories
from deploy.demo.expectations import expected, searches
from deploy.demo.newsroom import UPDATE, Newsroom, build, feed_urls
from deploy.demo.pages import Answer
from ingest.model import Entry, Page, Source
from ingest.pipeline import process

PORT = 8085
STARTED = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
TOLD = edition(STARTED)
ANSWERS = build(TOLD, PORT)
EXPECTED = {wanted.url: wanted for wanted in expected(TOLD, PORT)}
ARTICLES = [story for story in TOLD if story.is_article]
DAMAGE = {0x06CC: "ي", 0x06A9: "ك", 0x0640: None, 0x200F: None}


def readable(text: str) -> str:
    """Undo the damage that two stories carry on purpose."""
    whole = re.sub("[\ufb50-\ufdfd\ufe70-\ufefc]+", lambda m: unicodedata.normalize("NFKC", m[0]), text)
    return " ".join(whole.translate(DAMAGE).split())


def expected_of(story: Story) -> Expected:
    return EXPECTED[story.url(PORT, story.listed[0])]


def decoded(story: Story) -> str:
    body = ANSWERS[story.url(PORT)].body
    return (gzip.decompress(body) if story.encoding else body).decode(story.site.charset)


HTML = {story.name: decoded(story) for story in TOLD if not story.removed}
TEXT = {name: readable(str(lxml.html.fromstring(html).xpath("string()"))) for name, html in HTML.items()}


def named(name: str, told: list[Story] = TOLD) -> Story:
    return next(story for story in told if story.name == name)


def parsed(url: str, answers: dict[str, Answer] = ANSWERS) -> Any:
    answer = answers[url]
    return feedparser.parse(answer.body, response_headers={"content-type": answer.headers["Content-Type"]})


by_article = pytest.mark.parametrize("story", ARTICLES, ids=lambda story: story.name)


@by_article
def test_an_article_is_of_realistic_length(story: Story) -> None:
    assert 4 <= len(story.paragraphs) <= 8
    assert 900 <= sum(map(len, story.paragraphs)) <= 2500
    assert 15_000 <= len(HTML[story.name].encode(story.site.charset)) <= 60_000
    assert story.published <= STARTED


@by_article
def test_a_page_holds_what_must_be_found_and_what_must_not(story: Story) -> None:
    wanted, text, html, own = expected_of(story), TEXT[story.name], HTML[story.name], " ".join(story.paragraphs)
    assert readable(wanted.title) in text
    assert len(wanted.must) >= 3
    assert [sentence for sentence in wanted.must if sentence not in text] == []
    assert [clutter for clutter in wanted.must_not if clutter not in html or clutter in own] == []
    assert [text for text in (wanted.title, *wanted.must) if readable(text) != text] == []


@by_article
def test_a_page_says_its_day_as_readers_see_it(story: Story) -> None:
    western = story.published_as.translate({ord("٠") + digit: str(digit) for digit in range(10)})
    assert {str(story.published.year), str(story.published.day)} <= {n.lstrip("0") for n in re.findall(r"\d+", western)}
    assert story.published_as in HTML[story.name]
    assert (story.published.isoformat() in HTML[story.name]) == story.machine_date
    assert expected_of(story).date_only != story.machine_date


@pytest.mark.parametrize("url", feed_urls(TOLD, PORT))
def test_a_feed_parses_and_lists_its_stories(url: str) -> None:
    feed = parsed(url)
    assert not feed.bozo
    mine = [story for story in TOLD if url in {story.url(PORT, path) for path in story.feeds}]
    listed = {story.url(PORT, path): story for story in mine for path in story.listed}
    assert {entry.link for entry in feed.entries} == set(listed)
    assert all(entry.title == listed[entry.link].title for entry in feed.entries)
    assert all("<p>" in entry.summary and "اقرأ" in entry.summary for entry in feed.entries)


def test_the_special_cases_are_each_there_once() -> None:
    served = [story for story in TOLD if not story.removed]
    assert 36 <= len({story.title for story in ARTICLES}) == len(ARTICLES) == len(stories()) - 2
    assert len({story.site.host for story in ARTICLES}) == 5
    assert [story.name for story in TOLD if len(story.feeds) > 1] == ["fajr/swimmer-gold"]
    assert [s.name for s in served if "Content-Encoding" in ANSWERS[s.url(PORT)].headers] == ["fajr/calligraphy-fair"]
    assert [story.name for story in TOLD if story.removed] == ["qandil/old-cinema"]
    assert [story.name for story in TOLD if story.update] == ["sanabel/bridge-reopens"]
    assert [story.name for story in TOLD if story.moved_from] == ["mirsad/marsh-birds"]


def test_ends_other_than_indexed_are_one_missing_page_and_one_section_page() -> None:
    ends = Counter((wanted.state, wanted.reason) for wanted in EXPECTED.values() if wanted.state != "indexed")
    assert ends == {("failed", "http_404"): 1, ("rejected", "not_an_article"): 1}
    assert named("qandil/old-cinema").url(PORT) not in ANSWERS
    section = TEXT["fajr/section-sport"]
    assert not any(sentence in section for story in ARTICLES for sentence in expected_of(story).must)


def test_hosts_answer_robots_and_the_old_address() -> None:
    robots = {ANSWERS[f"http://{story.site.host}:{PORT}/robots.txt"].body for story in TOLD}
    assert robots == {b"User-agent: *\nAllow: /\n"}
    moved = named("mirsad/marsh-birds")
    answer = ANSWERS[moved.url(PORT, moved.listed[0])]
    assert (answer.status, answer.headers["Location"]) == (301, moved.url(PORT))


def test_one_article_is_listed_twice_with_tracking() -> None:
    finals = Counter(wanted.final_url for wanted in EXPECTED.values())
    assert [url for url, count in finals.items() if count > 1] == [named("qandil/robotics-club").url(PORT)]
    assert {"utm_source", "fbclid"} <= {name for url in EXPECTED for name in re.findall(r"[?&](\w+)=", url)}


def test_one_feed_item_has_no_date() -> None:
    entries = [entry for url in feed_urls(TOLD, PORT) for entry in parsed(url).entries]
    assert [entry.link for entry in entries if not {"published_parsed", "updated_parsed"} & set(entry)] == [
        named("qandil/night-train").url(PORT)
    ]


def test_windows_1256_is_declared_in_four_ways() -> None:
    declared = {
        story.slug: (ANSWERS[story.url(PORT)].headers["Content-Type"], "charset=windows-1256" in HTML[story.name])
        for story in ARTICLES
        if story.site.charset == "windows-1256"
    }
    header = "text/html; charset=windows-1256"
    assert declared.pop("cotton-prices") == (header, False)
    assert declared.pop("nile-ferry") == ("text/html", True)
    assert declared.pop("oud-maker") == ("text/html; charset=utf-8", True)
    assert set(declared.values()) == {(header, True)}


def test_shapes_of_the_sites() -> None:
    qandil, mirsad = HTML["qandil/dam-levels"], HTML["mirsad/port-expansion"]
    assert '"@type": "NewsArticle"' in HTML["fajr/dawn-budget"]
    assert ["ld+json" in HTML["sanabel/olive-season"], "og:title" in HTML["sanabel/olive-season"]] == [False, True]
    assert "<p" not in re.sub(r"<path\b|<p(?=[a-z])", "", qandil)
    assert qandil.count("<br />\n<br />") >= 5
    assert lxml.html.fromstring(mirsad).xpath("count(/html/body/*)") == 1
    assert lxml.html.fromstring(mirsad).xpath("/html/body/form//time/@datetime") == ["2026-11-22T12:40:00+03:00"]


def test_two_stories_carry_damage_to_repair() -> None:
    damaged = {
        story.name for story in ARTICLES if readable(text := " ".join(story.paragraphs)) != " ".join(text.split())
    }
    assert damaged == {"mirsad/manuscript-digitised", "mirsad/currency-auction"}
    assert all(sign in "".join(HTML[name] for name in damaged) for sign in ("ی", "ک", "ـ", "\u200f", "ﻻ"))
    assert all(expected_of(named(name)).title != named(name).title for name in damaged)


def test_one_article_changes_and_its_feed_says_so() -> None:
    later = STARTED + timedelta(minutes=1)
    told = edition(STARTED, later)
    first, second = named("sanabel/bridge-reopens"), named("sanabel/bridge-reopens", told)
    assert (first.modified, second.modified) == (STARTED, later)
    assert first.title != second.title
    assert second.update["replace"] not in " ".join(second.paragraphs)
    assert second.update["with"] in second.expected["must"]
    feed = parsed(feed_urls(told, PORT)[2], build(told, PORT))
    assert next(e.updated for e in feed.entries if e.link == second.url(PORT)) == later.isoformat()


def test_a_newsroom_counts_requests_and_publishes_its_correction_once() -> None:
    newsroom = Newsroom(PORT, STARTED)
    host = f"fajr.localhost:{PORT}"
    assert newsroom.answer(host, UPDATE).status == 200
    at = newsroom.corrected_at
    newsroom.answer(host, UPDATE)
    assert newsroom.corrected_at == at
    assert newsroom.current() == edition(STARTED, at)
    assert newsroom.answer(host, "/favicon.ico").status == 404
    assert newsroom.requests == {f"http://{host}{UPDATE}": 2, f"http://{host}/favicon.ico": 1}
    assert named("sanabel/bridge-reopens").update["title"] in {wanted.title for wanted in newsroom.expected()}


def test_searches_name_words_of_the_articles_they_must_find() -> None:
    texts = {story.url(PORT): TEXT[story.name] for story in ARTICLES}
    pairs = [(search.query, url) for search in searches(TOLD, PORT) for url in search.finds]
    assert len(pairs) >= 3
    stems = [(word.removeprefix("ب").removeprefix("ال"), url) for query, url in pairs for word in query.split()]
    assert [(stem, url) for stem, url in stems if stem not in texts[url]] == []


@by_article
def test_the_body_of_an_article_begins_with_its_first_paragraph(story: Story) -> None:
    answer, wanted = ANSWERS[story.url(PORT)], expected_of(story)
    body = gzip.decompress(answer.body) if story.encoding else answer.body
    page = Page(story.url(PORT), 200, tuple(answer.headers.items()), body, STARTED)
    found = process(Source("s", "feed", story.url(PORT)), Entry(story.url(PORT)), page)
    assert found.body.startswith(wanted.opening)
