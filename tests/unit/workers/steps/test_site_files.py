"""What a site's robots.txt and tdmrep.json mean for what is asked of it, in a world of fakes."""

import pytest

from ingest.errors import Blocked, Permanent, Rejected, Transient
from ingest.ledger.record import State
from ingest.model import Entry, Page, Rights
from ingest.policy.rights import rights_of
from ingest.policy.tdmrep import PATH
from ingest.urls import article_id
from tests.fakes import World, fetched, polled
from tests.unit.host import DISALLOW, KEY, RESERVED, ROBOTS, SOURCE, URL, get, hold, page, rested
from workers import ttl_cache as brief
from workers.steps import admit as admission
from workers.steps.ask import ask
from workers.web import robots
from workers.web.site_files import LARGE, LARGE_MOST, LARGE_S, SiteFiles


@pytest.mark.parametrize(
    "answer",
    [
        *(Permanent(f"http_{status}") for status in (204, 302, 400, 401, 403, 404, 410, 451, 600, 999)),
        *(Permanent(reason) for reason in ("encoding_unsupported", "decode", "too_large", "bomb", "headers_too_large")),
        Permanent("redirect_limit"),
        Permanent("url_scheme"),
        Blocked("challenge"),
        Transient("empty_page"),
        page(ROBOTS, b"<html>a page</html>"),
    ],
    ids=str,
)
def test_no_rules_allow_everything(world: World, answer: Page | Permanent | Transient) -> None:
    world.web.answers = {URL: page(URL), ROBOTS: answer}
    assert get(world).body == b"x"
    assert get(rested(world)).body == b"x"
    assert world.web.asked.count(ROBOTS) == 1, "the outcome is remembered for the host"


@pytest.mark.parametrize("reason", ["http_500", "http_503", "http_429", "timeout", "dns", "connect", "incomplete"])
def test_unavailable_rules_forbid_everything_for_a_while(world: World, reason: str) -> None:
    world.web.answers = {URL: page(URL), ROBOTS: Transient(reason)}
    for _ in range(2):
        with pytest.raises(Transient, match="robots_unavailable") as caught:
            get(rested(world))
        assert 590 < caught.value.retry_after_s <= robots.UNAVAILABLE_S
    assert world.web.asked == [ROBOTS], "it is not asked at every article"
    assert 590 < hold(world) <= 1.1 * robots.UNAVAILABLE_S, "the whole host waits"


def test_an_older_copy_stands_in(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brief, "KEPT_S", 0.0)  # a day later no process remembers
    world.web.answers = {ROBOTS: page(ROBOTS, b"User-agent: *\nDisallow: /1"), "http://h/2": page("http://h/2")}
    get(world, "http://h/2")
    world.redis.delete("warraq:robots-fresh:http://h")
    world.web.answers[ROBOTS] = Transient("http_503")
    assert get(world, "http://h/2")
    with pytest.raises(Rejected, match="robots"):
        get(world)
    assert world.web.asked.count(ROBOTS) == 2


def test_an_odd_5xx_is_a_5xx(world: World) -> None:
    world.web.answers = {URL: page(URL), ROBOTS: Permanent("http_501")}
    for _ in range(2):
        with pytest.raises(Transient, match="robots_unavailable"):
            get(rested(world))
    assert world.web.asked == [ROBOTS]


@pytest.mark.parametrize(("reason", "minutes"), [("address_blocked", 1), ("tls_expired", 10), ("port_forbidden", 1)])
def test_a_host_that_may_not_be_connected_to_says_so_and_is_tried_once(world: World, reason: str, minutes: int) -> None:
    world.web.answers = {ROBOTS: Permanent(reason, "h leads to 10.0.0.1: no")}
    for _ in range(2):
        with pytest.raises(Permanent) as caught:
            get(rested(world))
        assert (caught.value.reason, caught.value.detail) == (
            reason,
            f"h leads to 10.0.0.1: no; asked again in {minutes} min",
        )
    assert world.web.asked == [ROBOTS]


def test_the_rules_are_those_of_scheme_host_and_port(world: World) -> None:
    world.web.answers = {ROBOTS: page(ROBOTS, DISALLOW), "http://h:81/1": page("http://h:81/1")}
    assert ask(world.rt, "http://h:81/1", "h:81", KEY)
    assert world.web.asked == ["http://h:81/robots.txt", f"http://h:81{PATH}", "http://h:81/1"]


def test_a_disallowed_article_ends_rejected_and_costs_no_request(polite: World) -> None:
    polite.web.answers[ROBOTS] = page(ROBOTS, DISALLOW)
    admission.admit(polite.rt, SOURCE, [Entry(URL), Entry("http://h/2")])
    for key in (KEY, KEY, article_id("http://h/2")):
        fetched(rested(polite), key)
    polite.flush()
    ends = {(record.state, record.reason, record.attempts) for record in polite.ledger.records.values()}
    assert ends == {(State.REJECTED, "robots", 0)}
    assert polite.web.asked == [ROBOTS]
    assert hold(polite) < 0, "nothing was asked, the host need not rest"


def test_a_disallowed_listing_is_a_poll_error(world: World) -> None:
    world.sources.put(SOURCE)
    world.web.answers = {ROBOTS: page(ROBOTS, DISALLOW)}
    polled(world, SOURCE.id)
    assert world.sources.poll_of(SOURCE.id).error.startswith("robots: http://h/robots.txt does not let us fetch")


def test_what_the_site_reserves_is_written_onto_its_pages(world: World) -> None:
    rules = b'[{"location": "/1", "tdm-reservation": 1, "tdm-policy": "http://h/policy"}]'
    world.web.answers |= {URL: page(URL), "http://h/2": page("http://h/2"), RESERVED: page(RESERVED, rules)}
    assert rights_of(get(world)) == Rights(tdm_reserved=True, tdm_policy="http://h/policy")
    assert rights_of(get(world, "http://h/2")) is None
    assert world.web.asked.count(RESERVED) == 1


def test_a_reservation_that_cannot_be_had_counts_as_none_for_a_while(world: World) -> None:
    world.web.answers |= {URL: page(URL), RESERVED: Transient("http_503", retry_after_s=30)}
    with pytest.raises(Transient):
        get(world)
    assert 15 < hold(world) <= 33
    assert get(rested(world))
    assert world.redis.ttl("warraq:tdm:http://h") <= robots.UNAVAILABLE_S


LARGE_ROBOTS = b"User-agent: *\n" + b"".join(b"Disallow: /%d/%d\n" % (n, n) for n in range(LARGE // 10))


def test_large_rules_are_few_kept_for_an_hour_and_the_others_wait(world: World) -> None:
    hosts = [f"http://h{number}.example" for number in range(LARGE_MOST + 3)]
    for host in hosts:
        world.web.answers |= {f"{host}/robots.txt": page(f"{host}/robots.txt", LARGE_ROBOTS), f"{host}/a": page(host)}
    for host in hosts[:LARGE_MOST]:
        assert ask(world.rt, f"{host}/a", host[7:], KEY)
        assert LARGE_S - 60 < world.redis.ttl(f"warraq:robots:{host}") <= LARGE_S
    for host in hosts[LARGE_MOST:]:
        for _ in range(2):
            with pytest.raises(Transient, match="robots_unavailable"):
                ask(world.rt, f"{host}/a", host[7:], KEY)
            world.redis.delete(f"warraq:hold:{host[7:]}")
        assert world.web.asked.count(f"{host}/robots.txt") == 1
    assert len(world.redis.keys("warraq:robots:*")) == LARGE_MOST


def test_rules_that_made_room_for_others_are_asked_for_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brief, "KEPT_S", 0.0)
    world.web.answers = {ROBOTS: page(ROBOTS, DISALLOW)}
    for _ in range(2):
        with pytest.raises(Rejected, match="robots"):
            get(rested(world))
        world.redis.delete("warraq:robots:http://h")
    assert world.web.asked == [ROBOTS, ROBOTS]


def test_files_that_make_room_are_deleted(world: World) -> None:
    files = SiteFiles(world.redis, lambda key, _: ["first"] if key == "second" else [], lambda *_: False)
    for key in ("first", "second"):
        assert files.put(key, "text", 60)
    assert (world.redis.exists("first"), world.redis.get("second")) == (0, b"text")


def test_a_large_reservation_without_room_reserves_everything(world: World) -> None:
    for number in range(LARGE_MOST):
        assert world.rt.tdm._kept.put(f"warraq:tdm:{number}", "x" * (LARGE + 1), 60)
    policy = "http://h/" + "p" * LARGE
    rules = b'[{"location": "/9", "tdm-reservation": 1, "tdm-policy": "%s"}]' % policy.encode()
    world.web.answers |= {URL: page(URL), RESERVED: page(RESERVED, rules)}
    assert rights_of(get(world)) == Rights(tdm_reserved=True)
    assert world.redis.ttl("warraq:tdm:http://h") <= robots.UNAVAILABLE_S
