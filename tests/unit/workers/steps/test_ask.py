"""Asking as one may ask: turns, robots.txt, rests and holds, in a world of fakes."""

import pytest
from redis.exceptions import RedisError

from ingest.errors import Transient
from ingest.ledger.record import State
from ingest.model import Entry
from tests.fakes import World, fetched, ticket
from tests.unit.host import KEY, RESERVED, ROBOTS, SOURCE, URL, get, hold, page, rested
from workers.steps import admit as admission
from workers.steps import process as processing
from workers.steps.ask import NotYet


def test_robots_txt_is_a_request_of_its_own_and_the_page_waits_for_the_next_turn(polite: World) -> None:
    with pytest.raises(NotYet) as wait:
        get(polite)
    assert (polite.web.asked, wait.value.wait.total_seconds()) == ([ROBOTS], 60)
    assert 30 < hold(polite) <= 60
    assert get(rested(polite)).body == b"x"
    get(rested(polite))
    assert polite.web.asked == [ROBOTS, URL, URL], "its rules are good for a day"
    assert 86_000 < polite.redis.ttl("warraq:robots-fresh:http://h") <= 86_400


def test_who_must_wait_is_put_back_and_no_attempt_is_counted(polite: World) -> None:
    admission.admit(polite.rt, SOURCE, [Entry(URL)])
    ((_, key),) = polite.rt.lanes.pop(9)
    assert not fetched(polite, key)
    record = ticket(polite.rt.leases, key)
    assert record
    assert (record.attempts, record.version, record.state) == (0, 1, State.PENDING)
    assert 59 < (record.due_at - polite.clock()).total_seconds() <= 60
    assert polite.rt.lanes.depths() == {"h": 1}
    assert polite.rt.leases.whereabouts([record]) == ["in_progress"]


def test_a_page_that_is_stored_already_gives_its_turn_back(polite: World) -> None:
    admission.admit(polite.rt, SOURCE, [Entry(URL)])
    polite.rt.pages.put(KEY, page(URL), polite.ledger.records[KEY].asked_at)
    ((_, key),) = polite.rt.lanes.pop(9)
    assert hold(polite) > 60
    assert fetched(polite, key)
    assert hold(polite) < 0
    assert polite.web.asked == []


def test_a_crawl_delay_is_honoured(world: World) -> None:
    world.web.answers = {URL: page(URL), ROBOTS: page(ROBOTS, b"User-agent: warraq\nCrawl-delay: 20")}
    for asked in ([ROBOTS], [ROBOTS, RESERVED]):
        with pytest.raises(NotYet):
            get(rested(world))
        assert world.web.asked == asked
        assert 10 < hold(world) <= 20
    get(rested(world))
    assert 10 < hold(world) <= 20


def test_a_retry_after_holds_the_whole_host(world: World) -> None:
    world.web.answers[URL] = Transient("http_429", "slow down", retry_after_s=3600)
    with pytest.raises(Transient):
        get(world)
    assert 3590 < hold(world) <= 1.1 * 3600
    with pytest.raises(NotYet):
        get(world, "http://h/2", "another")
    admission.admit(world.rt, SOURCE, [Entry("http://h/3")])
    assert world.rt.lanes.pop(9) == []


def test_a_page_that_has_come_is_not_lost_with_redis(polite: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotYet):
        get(polite)
    monkeypatch.setattr(rested(polite).rt.turns, "release", lambda *_, **__: (_ for _ in ()).throw(RedisError("OOM")))
    assert get(polite).body == b"x"
    assert hold(polite) > 60, "the turn ends with its lease"


def test_a_host_in_trouble_is_asked_less_and_less_until_it_is_well(polite: World) -> None:
    with pytest.raises(NotYet):
        get(polite)
    polite.web.answers[URL] = Transient("http_500", "oops")
    holds = []
    for _ in range(10):
        with pytest.raises(Transient):
            get(rested(polite))
        holds.append(hold(polite))
    assert holds[0] <= 60
    assert 240 <= holds[4] <= holds[9] <= 3600
    assert holds[9] >= 1799
    polite.web.answers[URL] = page(URL)
    get(rested(polite))
    assert polite.rt.turns.strike("h") == 1


def test_a_page_that_may_not_be_kept_leaves_the_store(world: World) -> None:
    paragraph = "قال المتحدث إن الطريق الجديد يفتح أمام الناس بعد أسبوع من اليوم وإن العمل فيه انتهى قبل موعده. "
    body = f"<html lang='ar'><title>طريق</title><article><h1>طريق جديد</h1><p>{paragraph * 9}</p></article></html>"
    world.web.answers[URL] = page(URL, body.encode(), Content_Type="text/html; charset=utf-8", TDM_Reservation="1")
    admission.admit(world.rt, SOURCE, [Entry(URL)])
    fetched(world, KEY)
    assert world.rt.pages.get(KEY)
    processing.process_page(world.rt, KEY)
    world.flush()
    assert world.ledger.records[KEY].state is State.INDEXED
    assert (world.index.articles[KEY].title, world.index.articles[KEY].body) == ("طريق جديد", "")
    assert world.rt.pages.get(KEY) is None
    world.rt.pages.remove(KEY)


@pytest.mark.parametrize(
    ("body", "state"),
    [("<title>طريق</title><p>قصير", State.REJECTED), ("%PDF-1.4", State.REJECTED)],
)
def test_nor_does_it_stay_when_its_article_is_none(world: World, body: str, state: State) -> None:
    world.web.answers[URL] = page(URL, body.encode(), Content_Type="text/html", X_Robots_Tag="noarchive")
    admission.admit(world.rt, SOURCE, [Entry(URL)])
    fetched(world, KEY)
    assert world.rt.pages.get(KEY)
    processing.process_page(world.rt, KEY)
    world.flush()
    assert world.ledger.records[KEY].state is state
    assert world.rt.pages.get(KEY) is None
