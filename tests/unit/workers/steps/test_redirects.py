"""Redirects are polite: another host is asked in its own turn, by its own rules, whoever sent us there."""

from contextlib import suppress
from dataclasses import replace
from itertools import pairwise

import pytest

from ingest.errors import Permanent, Rejected, Transient
from ingest.ledger.transitions import HOPS
from ingest.model import Entry, Page
from ingest.urls import lane_of
from tests.fakes import World, fetched, polled
from tests.unit.host import FEED, ROBOTS, SOURCE, URL, get, page, rested
from workers.steps import admit as admission
from workers.steps import index as flusher
from workers.steps.ask import NotYet, Redirected, ask
from workers.web.http import Follow, anywhere

GOAL = "http://goal.example/"
SLOW = b"User-agent: *\nCrawl-delay: 10\nDisallow: /closed\n"
RSS = b"<rss version='2.0'><channel><item><title>x</title><link>/1</link></item></channel></rss>"


def asked_of_goal(world: World) -> list[str]:
    return [url for url in world.web.asked if url.startswith(GOAL)]


def a_round(world: World) -> int:
    """Let every pending article try, each host once; return how often the goal's host was asked."""
    for key in list(world.redis.scan_iter("warraq:hold:*")):
        world.redis.delete(key)
    before = len(asked_of_goal(world))
    flusher.flush(world.rt, block_ms=1, linger_s=0)
    for record in [one for one in world.ledger.records.values() if one.pending and not world.rt.pages.has(one.id)]:
        world.rt.lanes.push([replace(record, due_at=world.clock())])
    for _ in range(3):  # who comes again finds the host at rest
        for _, key in world.rt.lanes.pop(100):
            fetched(world, key)
    return len(asked_of_goal(world)) - before


def test_ten_lanes_that_redirect_to_one_host_ask_it_as_one(polite: World) -> None:
    urls = [f"http://h{number}.example/{number}" for number in range(10)]
    goals = {url: f"{GOAL}{'closed' if number % 2 else 'open'}/{number}" for number, url in enumerate(urls)}
    polite.web.answers = {url: page(url, moved=goal) for url, goal in goals.items()}
    polite.web.answers |= {goal: page(goal) for goal in goals.values()} | {f"{GOAL}robots.txt": page(GOAL, SLOW)}
    admission.admit(polite.rt, SOURCE, map(Entry, urls))
    for _ in range(30):
        asked = a_round(polite)
        assert asked <= 1, "one request in a turn"
        if asked and "robots" not in polite.web.asked[-1]:
            assert polite.redis.pttl("warraq:hold:goal.example") > 9_000
    assert not [url for url in polite.web.asked if "/closed/" in url]
    assert {url for url in polite.web.asked if "/open/" in url} == {url for url in goals.values() if "/open/" in url}


def test_a_redirect_to_another_host_waits_in_its_lane(world: World) -> None:
    world.web.answers = {URL: page(URL, moved=GOAL), GOAL: page(GOAL)}
    (key,) = admission.admit(world.rt, SOURCE, [Entry(URL)]).ids
    fetched(world, key)
    record = world.ledger.records[key]
    assert (record.lane, record.goal, record.url, record.hops) == ("goal.example", GOAL, URL, 1)
    assert not asked_of_goal(world)
    assert fetched(world, key)
    stored = world.rt.pages.get(key)
    assert stored
    assert stored.url == GOAL


def test_within_a_site_a_hop_is_checked_before_it_is_asked(world: World) -> None:
    start, closed = "http://www.h.example/1", "http://www.h.example/closed"
    rules = "http://www.h.example/robots.txt"
    world.web.answers = {start: page(start, moved=closed), rules: page(rules, b"User-agent: *\nDisallow: /closed")}
    with pytest.raises(Rejected, match="robots"):
        get(world, start)
    assert closed not in world.web.asked


def test_a_variant_whose_rules_are_unknown_is_asked_for_them_first(world: World) -> None:
    start, goal = "http://h.example/1", "https://www.h.example/1"
    world.web.answers = {start: page(start, moved=goal)}
    with pytest.raises(Redirected) as caught:
        get(world, start)
    assert caught.value.url == goal
    world.web.answers[goal] = page(goal)
    get(rested(world), goal)
    assert get(rested(world), start).url == goal


def test_a_site_s_variants_share_a_lane() -> None:
    assert {lane_of(f"https://{name}sahel.example/1") for name in ("", "www.", "m.", "amp.")} == {"sahel.example"}
    assert lane_of("http://www.sahel.example:8080/") == "sahel.example:8080"


def test_a_chain_of_hosts_has_an_end(world: World) -> None:
    hosts = [f"http://h{number}.example/" for number in range(HOPS + 2)]
    world.web.answers = {here: page(here, moved=there) for here, there in pairwise(hosts)}
    (key,) = admission.admit(world.rt, SOURCE, [Entry(hosts[0])]).ids
    for _ in hosts:
        fetched(world, key)
    assert world.ledger.records[key].hops == HOPS
    assert world.rt.stream.depth() == 1, "its end"


def test_a_poll_goes_on_in_the_other_hosts_turn_and_stays_conditional(world: World) -> None:
    there = f"{GOAL}feed"
    world.sources.put(SOURCE)
    world.web.answers = {FEED: page(FEED, moved=there), there: page(there, RSS, ETag='"1"')}
    polled(world, SOURCE.id)
    assert [one.url for one in world.sources.poll_of(SOURCE.id).further] == [there]
    assert there not in world.web.asked
    polled(world, SOURCE.id)
    poll = world.sources.poll_of(SOURCE.id)
    assert (poll.further, poll.listed, poll.etag, poll.listings) == ((), 1, '"1"', 1)
    for _ in range(2):
        polled(world, SOURCE.id)
    poll = world.sources.poll_of(SOURCE.id)
    assert (poll.further, poll.error, poll.polls) == ((), "", 2)


def test_a_robots_txt_that_redirects_is_asked_for_in_the_other_hosts_turn(world: World) -> None:
    rules = f"{GOAL}robots.txt"
    world.web.answers = {URL: page(URL), ROBOTS: page(ROBOTS, b"User-agent: *\nDisallow: /closed", moved=rules)}
    assert not world.rt.turns.acquire("goal.example", "another")
    world.rt.turns.release("goal.example", "another", 40)
    with pytest.raises(NotYet) as caught:
        get(world)
    assert 39 < caught.value.wait.total_seconds() <= 40
    assert world.redis.get("warraq:spent:goal.example") == b"1", "it was not asked"
    world.redis.delete("warraq:hold:goal.example")
    get(rested(world))
    assert world.redis.get("warraq:spent:goal.example") == b"2"
    with pytest.raises(Rejected):
        get(rested(world), "http://h/closed")


def test_ten_robots_txt_that_redirect_to_one_host_ask_it_as_one(polite: World) -> None:
    urls = [f"http://h{number}.example/1" for number in range(10)]
    for url in urls:
        mine = url.replace("/1", "/robots.txt")
        polite.web.answers |= {url: page(url), mine: page(mine, b"User-agent: *", moved=f"{GOAL}robots.txt")}
    spent: list[int] = []
    for _ in range(10):
        for url in urls:
            with suppress(NotYet):
                ask(polite.rt, url, lane_of(url), url)
        for key in polite.redis.scan_iter("warraq:hold:h*"):
            polite.redis.delete(key)
        spent.append(int(polite.redis.get("warraq:spent:goal.example") or 0))
        assert polite.redis.pttl("warraq:hold:goal.example") > 0
        polite.redis.delete("warraq:hold:goal.example")
    assert spent == list(range(1, 11)), "one of them in each of its turns"


@pytest.mark.parametrize(
    ("reason", "outcome"), [("address_blocked", "read"), ("port_forbidden", "read"), ("tls_expired", "waits")]
)
def test_a_robots_txt_that_redirects_to_where_nobody_goes(world: World, reason: str, outcome: str) -> None:
    def get_once(url: str, _headers: object, follow: Follow = anywhere) -> Page:
        if url != ROBOTS:
            return page(url)
        follow(url, "http://10.0.0.1/robots.txt", bool(url))
        raise Permanent(reason, "10.0.0.1")

    world.web.get = get_once  # type: ignore[method-assign,assignment]
    if outcome == "read":
        assert get(world).body == b"x"
    else:
        with pytest.raises(Transient, match=reason):
            get(world)
    assert world.redis.pttl("warraq:hold:10.0.0.1") < 0


def test_a_sites_own_variant_needs_no_turn_of_its_own(polite: World) -> None:
    url = "http://h.example/1"
    rules = url.replace("/1", "/robots.txt")
    polite.web.answers = {rules: page(rules, b"", moved="http://www.h.example/robots.txt"), url: page(url)}
    with pytest.raises(NotYet):
        ask(polite.rt, url, "h.example", "x")
    assert list(polite.redis.scan_iter("warraq:spent:*")) == [b"warraq:spent:h.example"]
