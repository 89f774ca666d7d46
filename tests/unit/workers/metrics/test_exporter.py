"""The exporter: every declared metric has its values, and one service's absence hides no other's."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from redis.exceptions import RedisError

from ingest.ledger.tally import Tally
from ingest.model import Entry
from tests.fakes import World
from tests.unit.workers.steps.site import SOURCE
from workers.frontier.heartbeats import Heartbeats
from workers.metrics import look
from workers.metrics.exporter import Exporter, Look, problems
from workers.metrics.table import METRICS, Metric, Sample
from workers.queues import QUEUES
from workers.steps.admit import admit
from workers.store.figures import BOUNDS_S, TALLIED, Figures, LedgerFigures

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
LEDGER = LedgerFigures(
    states={("indexed", "process", ""): 7, ("failed", "fetch", "http_404"): 2, ("pending", "fetch", ""): 1},
    admitted=10,
    indexed=8,
    asked=NOW - timedelta(seconds=90),
    due=NOW + timedelta(seconds=5),
    within={f"{bound}": min(bound, 7) for bound in BOUNDS_S},
    timed=8,
    seconds=123.5,
)


class FakeFigures:
    """What Elasticsearch would count."""

    def ledger(self) -> LedgerFigures:
        return LEDGER

    def sources(self) -> dict[str, int]:
        return {"all": 5, "failing": 1, "quiet": 2, "gone": 0}

    def tallies(self) -> dict[str, int]:
        return dict(zip(TALLIED, (10, 3, 60, 30, 20, 4), strict=True))


def exported(world: World) -> Exporter:
    heartbeats, figures = Heartbeats(world.redis), cast("Figures", FakeFigures())
    heartbeats.beat("fetch@one")
    looks: dict[str, tuple[Look, ...]] = {
        "redis": (lambda: look.redis(world.rt, heartbeats),),
        "elasticsearch": (
            lambda: look.ledger(figures, world.rt.now()),
            lambda: look.sources(figures),
            lambda: look.polls(figures),
            lambda: look.space(world.rt),
        ),
    }
    return Exporter(looks, (lambda: problems(world.rt),))


def text(made: Exporter) -> str:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(made)
    return generate_latest(registry).decode()


def values(made: Exporter) -> dict[str, float]:
    lines = [line.rpartition(" ") for line in text(made).splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}


def test_every_metric_is_exported_as_it_is_declared(world: World, tmp_path: Path) -> None:
    made = exported(world)
    made._seldom = (*made._seldom, lambda: look.disk(str(tmp_path)), lambda: look.stored_bytes(str(tmp_path)))
    made.refresh()
    told = text(made)
    for metric in METRICS:
        assert f"# HELP {metric.name} {metric.meaning}\n# TYPE {metric.name} {metric.kind}" in told
    assert {one.name for one in made.values()} == {metric.name for metric in METRICS}


def test_what_redis_holds_is_told(world: World) -> None:
    admit(world.rt, SOURCE, [Entry(f"http://{host}/{n}") for host in "ab" for n in range(3)])
    world.redis.rpush("fetch", "1", "2")
    found = values(exported(world))
    assert found["warraq_lanes"] == 2
    assert found["warraq_lane_articles"] == 6
    assert found['warraq_queue_messages{queue="fetch"}'] == 2
    assert found["warraq_redis_limit_bytes"] == 100
    assert found["warraq_page_store_paused"] == 0
    heard = found['warraq_worker_heartbeat_timestamp_seconds{queue="fetch",worker="fetch@one"}']
    assert abs(heard - datetime.now(UTC).timestamp()) < 60


def test_what_elasticsearch_holds_is_told(world: World) -> None:
    world.clock.at = NOW
    found = values(exported(world))
    assert found['warraq_articles{reason="http_404",stage="fetch",state="failed"}'] == 2
    assert found["warraq_articles_admitted_total"] == 10
    assert found["warraq_articles_oldest_pending_age_seconds"] == 90
    assert found["warraq_articles_oldest_overdue_seconds"] == 0
    assert found['warraq_article_searchable_seconds_bucket{le="5"}'] == 5
    assert found['warraq_article_searchable_seconds_bucket{le="+Inf"}'] == 8
    assert found["warraq_article_searchable_seconds_count"] == 8
    assert found["warraq_article_searchable_seconds_sum"] == 123.5
    assert found['warraq_polls_total{outcome="read"}'] == 7
    assert found['warraq_entries_total{outcome="dropped"}'] == 6


def test_a_service_that_is_away_hides_nothing_of_the_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made = exported(world)
    monkeypatch.setattr(world.redis, "llen", lambda _: (_ for _ in ()).throw(RedisError("gone")))
    found = values(made)
    assert found['warraq_service_up{service="redis"}'] == 0
    assert found['warraq_service_up{service="elasticsearch"}'] == 1
    assert "warraq_lanes" not in found, "half a look is none"
    assert found["warraq_sources"] == 5


def test_a_look_that_breaks_hides_nothing_of_the_others(world: World) -> None:
    made = exported(world)
    made._seldom = (lambda: [Sample("warraq_lanes", 1 // 0)], lambda: [Sample("warraq_page_store_bytes", 7)])
    made._looks = {**made._looks, "redis": (lambda: [Sample("warraq_lanes", 1 // 0)],)}
    made.refresh()
    found = values(made)
    assert found['warraq_service_up{service="redis"}'] == 0
    assert (found["warraq_sources"], found["warraq_page_store_bytes"]) == (5, 7)


def test_a_report_that_does_not_add_up_is_counted(world: World) -> None:
    day = f"{world.clock():%Y-%m-%d}"
    world.tallies.add(Tally(SOURCE.id, day, polls=1, listed=5, known=1))
    assert list(problems(world.rt, pause=lambda _: None)) == [Sample("warraq_report_problems", 1)]


def test_a_page_store_is_estimated_from_a_part_of_it(tmp_path: Path) -> None:
    (tmp_path / "00" / "ff").mkdir(parents=True)
    (tmp_path / "00" / "ff" / "00ff.warc.gz").write_bytes(b"x" * 10)
    (tmp_path / "01").mkdir()
    assert list(look.stored_bytes(str(tmp_path))) == [Sample("warraq_page_store_bytes", 2560)]
    assert list(look.stored_bytes("s3://bucket/pages")) == list(look.disk("s3://bucket/pages")) == []


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_names_follow_prometheus(metric: Metric) -> None:
    assert metric.name.startswith("warraq_")
    assert metric.name.endswith("_total") == (metric.kind == "counter")
    assert metric.meaning.endswith(".")
    assert not {"url", "host", "source"} & set(metric.labels), "a series for each would be too many"
    for unit in ("ms", "minutes", "kb", "percent"):
        assert unit not in metric.name.split("_"), "base units"


def test_all_queues_are_told_of(world: World) -> None:
    found = values(exported(world))
    assert all(f'warraq_queue_messages{{queue="{queue.name}"}}' in found for queue in QUEUES)
