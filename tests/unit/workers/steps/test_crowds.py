"""One site cannot starve the others, nor itself."""

from collections.abc import Iterable
from datetime import timedelta

import pytest

from ingest.ledger import admission
from ingest.ledger.record import State
from ingest.model import Entry, Source
from tests.fakes import World
from tests.fakes import world as make
from workers.steps.admit import admit
from workers.steps.dispatch import Dispatch
from workers.steps.tick import tick

SOURCE = Source("s", "sitemap", "http://big/sitemap.xml")


def entries(world: World, days: Iterable[float], host: str = "big") -> list[Entry]:
    now = world.clock()
    return [Entry(f"http://{host}/{n}-{day}", updated_at=now - timedelta(days=day)) for n, day in enumerate(days)]


def test_a_sitemap_that_goes_back_to_2005_admits_its_last_month_and_counts_the_rest(world: World) -> None:
    result = admit(world.rt, SOURCE, entries(world, [*range(0, 7000, 10)]))
    (tally,) = world.tallies.of_day(f"{world.clock():%Y-%m-%d}")
    assert (result.admitted, tally.drops) == (4, {"older_than_asked": 696})
    assert tally.listed == tally.known + tally.admitted + tally.changed + sum(tally.drops.values())


def test_an_archive_that_was_asked_for_waits_behind_todays_articles() -> None:
    made, sent = make("crowds", politeness_s=60), list[str]()
    made.rt.gauge.remember()
    source = Source("s", "sitemap", "http://big/sitemap.xml", since_days=0)
    admit(made.rt, source, entries(made, [*range(100, 200)]))
    fresh = entries(made, [0])
    admit(made.rt, SOURCE, fresh)

    tick(
        made.rt,
        Dispatch(lambda _: None, lambda ids, _=None: sent.extend(ids), lambda *_: None, lambda: None, lambda: None),
    )
    assert [made.ledger.records[one].url for one in sent] == [fresh[0].url]


def test_what_a_crowded_host_has_no_room_for_comes_with_a_later_listing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "WAITING", 10)
    listed = entries(world, [n / 10 for n in range(25)])
    assert admit(world.rt, SOURCE, listed).admitted == 10
    assert admit(world.rt, SOURCE, listed).admitted == 0, "still crowded"
    assert admit(world.rt, SOURCE, entries(world, [0], "small")).admitted == 1, "others are not"
    world.redis.delete("warraq:lane:big")
    assert admit(world.rt, SOURCE, listed).admitted == 10
    assert all(record.state is State.PENDING for record in world.ledger.records.values())
