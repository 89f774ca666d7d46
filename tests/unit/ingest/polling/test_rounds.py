"""A poll's round: what is read next, what is left off, when it is over."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ingest.model import Source
from ingest.polling import rounds
from ingest.polling.listing import Further, Listing
from ingest.polling.poll import Poll

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SOURCE = Source("s", "sitemap", "https://akhbar.example/sitemap.xml")
PLACE = Further(SOURCE.url, "sitemap")


def names(further: tuple[Further, ...]) -> list[str]:
    return [one.url.rpartition("/")[2] for one in further]


def part(name: str, **said: object) -> Further:
    return Further(f"https://akhbar.example/{name}", **{"kind": "sitemap", **said})  # type: ignore[arg-type]


def onward(
    *further: Further, source: Source = SOURCE, place: Further = PLACE, poll: Poll | None = None, admitted: int = 1
) -> tuple[list[str], tuple[str, ...]]:
    queue, told = rounds.onward(source, place, Listing((), further=further), poll or Poll(listings=1), admitted)
    return names(queue), told


def test_a_round_reads_one_listing_after_the_other() -> None:
    poll = rounds.begun(Poll(polls=4, listed=9, problems=("x",), read_at=None), NOW)
    assert (poll.polled_at, poll.polls, poll.listed, poll.problems, poll.listings) == (NOW, 4, 0, (), 1)
    poll = rounds.read(poll, 3, 2, ("a",), (part("1"), part("2")))
    assert (poll.polls, rounds.here(SOURCE, poll)) == (4, part("1"))
    poll = rounds.begun(poll, NOW + timedelta(seconds=5))
    assert (poll.polled_at, poll.listings, names(poll.further)) == (NOW, 2, ["2"])
    poll = rounds.missed(poll, part("1"), "http_404")
    poll = rounds.begun(poll, NOW + timedelta(seconds=10))
    poll = rounds.read(poll, 4, 1, (), poll.further)
    assert (poll.polls, poll.listed, poll.admitted, poll.further) == (5, 7, 3, ())
    assert poll.problems == ("a", "https://akhbar.example/1: http_404")
    assert rounds.here(SOURCE, poll) == PLACE


def test_a_round_that_missed_a_listing_is_no_measure_of_what_changed() -> None:
    whole = rounds.read(rounds.begun(Poll(), NOW), 1, 1, (), ())
    assert whole.read_at == NOW
    later = rounds.begun(replace(whole, further=()), NOW + timedelta(hours=1))
    missed = rounds.missed(replace(later, further=()), part("1"), "dns")
    assert missed.read_at == NOW


def test_a_failed_round_is_over() -> None:
    poll = rounds.broken_off(Poll(polls=1, further=(part("1"),)))
    assert (poll.polls, poll.further) == (2, ())


def test_a_listing_in_parts_is_read_whatever_its_first_one_says() -> None:
    assert not rounds.is_parted(Poll(listings=1))
    assert rounds.is_parted(Poll(listings=2))


def test_parts_are_read_if_they_may_have_changed() -> None:
    since = Poll(listings=1, read_at=NOW)
    parts = (
        part("new", changed_at=NOW + timedelta(hours=1)),
        part("today", changed_at=NOW - timedelta(hours=12)),
        part("old", changed_at=NOW - timedelta(days=2)),
        part("undated"),
    )
    assert onward(*parts, poll=since)[0] == ["new", "today", "undated"]
    assert onward(*parts)[0] == ["new", "today", "old", "undated"]


def test_no_listing_is_read_twice_and_none_of_another_site() -> None:
    waiting = Poll(listings=1, further=(part("waits"),))
    named = (part("sitemap.xml"), part("waits"), part("a"), part("a"), Further("https://other.example/b", "sitemap"))
    assert onward(*named, poll=waiting) == (["a", "waits"], ("1 listings on other sites were not read",))
    assert onward(Further("https://cdn.akhbar.example/b", "sitemap"))[0] == ["b"]


def test_depth_and_number_have_a_limit() -> None:
    assert onward(part("a"), place=part("x", depth=1))[0] == ["a"]
    assert onward(part("a"), place=part("x", depth=2))[0] == []
    queue, told = onward(*(part(str(number)) for number in range(600)))
    assert queue[:4] == ["599", "0", "598", "1"]
    assert len(queue) == rounds.MOST - 1
    assert told == (f"600 further listings: only the first {rounds.MOST - 1} are read",)
    assert onward(part("a"), poll=Poll(listings=rounds.MOST))[0] == []


@pytest.mark.parametrize(
    ("pages", "depth", "admitted", "expected"),
    [(1, 0, 5, []), (2, 0, 5, ["2"]), (2, 1, 5, []), (3, 1, 1, ["2"]), (3, 1, 0, [])],
)
def test_older_pages_as_far_as_the_source_wants_and_they_bring_news(
    pages: int, depth: int, admitted: int, expected: list[str]
) -> None:
    source, place = (
        replace(SOURCE, kind="index", pages=pages),
        Further("https://akhbar.example/1", "index", depth=depth),
    )
    older = Further("https://akhbar.example/2", older=True)
    assert onward(older, source=source, place=place, admitted=admitted)[0] == expected


LONG_AGO = NOW - timedelta(days=90)


def polled(at: datetime = NOW, **known: object) -> Poll:
    return Poll(listings=1, polled_at=at, read_at=NOW - timedelta(hours=1), **known)  # type: ignore[arg-type]


def test_of_undated_parts_the_newest_is_read_wherever_it_stands() -> None:
    numbers = [*range(31, 61), *range(1, 31)]
    queue, _ = onward(*(part(f"post-sitemap{number}.xml") for number in numbers))
    assert queue[:3] == ["post-sitemap30.xml", "post-sitemap31.xml", "post-sitemap60.xml"]
    assert len(queue) == rounds.MOST - 1


@pytest.mark.parametrize(
    ("series", "newest"),
    [
        (["posts-{}.xml.gz", "pages-{}.xml.gz", "tags-{}.xml.gz"], "posts-40.xml.gz"),
        (["map?y=2026&m={}", "media?y=2026&m={}"], "map?y=2026&m=40"),
        (["{}-2026.xml", "archive-{}-2025.xml"], "40-2026.xml"),
    ],
)
def test_of_several_series_each_one_s_newest_is_read_though_others_count_further(
    series: list[str], newest: str
) -> None:
    counts = (40, 90, 300)
    told = [part(name.format(n)) for name, count in zip(series, counts, strict=False) for n in range(1, count + 1)]
    assert newest in onward(*told)[0][: 2 + len(series)]


def test_days_before_months_and_years_are_put_in_order() -> None:
    days = [f"{day:02}-{month:02}-2026.xml" for month in (3, 1, 2) for day in range(1, 29)]
    assert onward(*map(part, days))[0][:3] == ["28-02-2026.xml", "01-03-2026.xml", "28-03-2026.xml"]


def test_undated_parts_are_sampled_once_a_day_and_the_likely_ones_each_time() -> None:
    told = [part(f"{name}.xml") for name in "abcdefgh"]
    looked = polled(parts_at=NOW - timedelta(hours=2), fertile=(told[4].url,))
    assert sorted(onward(*told, poll=looked)[0]) == ["a.xml", "e.xml", "h.xml"]
    assert len(onward(*told, poll=replace(looked, polled_at=NOW + timedelta(days=1)))[0]) == len(told)


def test_a_part_that_brought_news_is_read_once_a_day_whatever_its_date_says() -> None:
    old = [part(name, changed_at=LONG_AGO) for name in ("a", "b", "c", "d")]
    fertile = polled(parts_at=NOW - timedelta(hours=2), fertile=(old[1].url,))
    assert onward(*old, poll=fertile)[0] == []
    later = replace(fertile, polled_at=NOW + timedelta(days=1))
    assert onward(*old, poll=later)[0] == ["a", "b"]  # "a" is the first, where a new one would stand
    assert "b" not in onward(*old, poll=replace(later, fertile=()))[0]


def test_what_a_part_brought_is_noted_and_when_all_likely_ones_were_looked_at() -> None:
    index, empty = Listing((), further=(part("a"),)), Listing(())
    looked = rounds.noted(polled(), PLACE, index, 0)
    assert looked.parts_at == NOW
    assert rounds.noted(replace(looked, polled_at=NOW + timedelta(hours=1)), PLACE, index, 0).parts_at == NOW
    assert rounds.noted(polled(), PLACE, empty, 3).parts_at is None
    poll = polled()
    for number in range(20):
        poll = rounds.noted(poll, part(str(number), depth=1), empty, 1)
    assert [url.rpartition("/")[2] for url in poll.fertile] == [str(number) for number in range(19, 9, -1)]
    assert rounds.noted(poll, part("x", depth=1), empty, 0) == poll
