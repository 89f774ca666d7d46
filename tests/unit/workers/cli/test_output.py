"""What the commands print: readable on 80 columns, and as JSON with the same keys always."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ingest.document import ARTICLES, LEDGER
from ingest.ledger.record import Record, State
from ingest.ledger.tally import Tally
from ingest.ledger.transitions import admitted, ended
from ingest.model import Article, Entry, Source
from ingest.polling.poll import Poll
from ingest.polling.rhythm import Rhythm
from ingest.urls import article_id
from tests.fakes import World
from tests.unit.workers.cli.conftest import Command, rows
from workers.cli.stack import ELASTIC_PASSWORD
from workers.settings import Settings
from workers.store.outcomes import Outcome

LONG = "https://www.a-rather-long-name-of-a-newspaper.example/arabic/sections/politics/feed/rss.xml?edition=morning"
SOURCES = (
    Source("1" * 32, "feed", LONG, "صحيفة الفجر الجديد اليومية المستقلة", interval_s=600),
    Source("2" * 32, "sitemap", "https://b.example/map.xml", "The Daily Example of a Rather Long Name", interval_s=900),
)
REASONS = ("http_404", "not_an_article", "crawl_budget_of_the_host_is_spent", "robots")

DETAIL = "the site answered with something that was no article, " * 4
STATES = (State.FAILED, State.REJECTED, State.FAILED, State.REJECTED, State.INDEXED, State.DUPLICATE, State.PENDING)


@pytest.fixture
def busy(world: World) -> World:
    """A world with two sources, and articles that ended in every way."""
    now = world.clock.at
    for number, source in enumerate(SOURCES):
        world.sources.put(source)
        poll = Poll(polled_at=now, due_at=now + timedelta(minutes=10), listed=123_456, admitted=4_567, polls=1)
        world.sources.note(source.id, replace(poll, error="http_503: the server said nothing of use" * number))
        world.tallies.add(Tally(source.id, f"{now:%Y-%m-%d}", 7, 1, 12, 3, 7, 1, {"bad_url": 1}))
        for n in range(7):
            end(world, admitted(source, Entry(f"https://{number}.example/{n}", title="خبر"), now), n)
    return world


def end(world: World, record: Record, n: int) -> None:
    state = STATES[n]
    reason = REASONS[n] if state in (State.FAILED, State.REJECTED) else ""
    done = record if state is State.PENDING else ended(record, state, world.clock.at, reason, DETAIL)
    if state is not State.INDEXED:
        world.ledger.save([done])
        return
    article = Article(record.id, record.url, "سعر القطن", "ارتفع سعر القطن اليوم", site="الفجر")
    published = replace(article, source_id=record.source_id, admitted_at=record.admitted_at)
    world.index.write([Outcome(done, published)], world.clock.at)


def is_readable(text: str) -> None:
    """Words stand whole: no line is wider than the terminal, and no word is broken into letters."""
    lines = text.splitlines()
    assert max(len(line) for line in lines if "://" not in line) <= 80
    words = [line.split() for line in lines]
    assert sum(len(line) == 1 and len(line[0]) <= 2 for line in words) == 0, text


@pytest.mark.parametrize("command", [("sources", "list"), ("failures",), ("report",), ("status",)])
def test_it_is_readable_at_80_columns(busy: World, warraq: Command, command: tuple[str, ...]) -> None:
    assert busy
    done = warraq(*command)
    assert done.exit_code == 0, done.output
    is_readable(done.stdout)
    assert "no new index" not in done.stderr
    if command != ("status",):
        for source in SOURCES:
            for word in source.name.split():
                assert word in done.stdout, done.stdout


def test_a_report_adds_up_in_words(busy: World, warraq: Command) -> None:
    assert busy
    told = warraq("report").stdout
    assert "12 listed = 3 known + 1 changed + 7 new + 1 dropped, 1 of 7 polls failed" in told
    assert "7 admitted = 1 pending + 1 indexed + 1 duplicate + 2 rejected + 2 failed" in told
    assert "  failed, http_404: 1" in told
    assert "  dropped, bad_url: 1" in told


def test_a_report_is_of_the_day_that_is_named(busy: World, warraq: Command) -> None:
    assert busy
    assert warraq("report", "--day", "today", "--json").stdout == warraq("report", "--json").stdout
    assert warraq("report", "--day", "أمس").stdout.startswith("nothing was listed on 20")
    assert warraq("report", "--day", "أمس", "--json").stdout == ""


def test_a_sum_that_does_not_agree_is_an_error(busy: World, warraq: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.steps.report.LOOKS", 1)
    for key in busy.index.articles:
        for month in busy.index.elastic.names:
            if month.startswith(ARTICLES):
                busy.index.elastic.indexed(month).pop(key, None)
    done = warraq("report")
    assert done.exit_code == 1
    assert "1 indexed by the ledger, but 0 documents" in " ".join(done.stderr.split())


def test_failures_are_counted_listed_and_narrowed(busy: World, warraq: Command) -> None:
    assert busy
    counted = rows(warraq("failures", "--json"))
    assert sum(row["articles"] for row in counted) == 8
    assert set(counted[0]) == {"state", "stage", "reason", "source_id", "source", "articles"}
    listed = rows(warraq("failures", "--reason", "robots", "--json"))
    assert [row["reason"] for row in listed] == ["robots", "robots"]
    assert {"id", "state", "stage", "reason", "detail", "attempts", "starts", "url", "source_id"} == set(listed[0])
    assert len(rows(warraq("failures", "--source", SOURCES[0].id, "--size", "3", "--json"))) == 3
    assert warraq("failures", "--stage", "process", "--json").stdout == ""
    assert len(rows(warraq("failures", "--source", SOURCES[0].name, "--json"))) == 4
    assert warraq("failures", "--stage", "kitchen").exit_code == 2
    is_readable(warraq("failures", "--source", SOURCES[0].id).stdout)


def test_every_command_that_shows_data_speaks_json(busy: World, warraq: Command) -> None:
    (first, *_), key = rows(warraq("sources", "list", "--json")), next(iter(busy.ledger.records))
    assert {"id", "name", "kind", "url", "polled_at", "due_at", "listed", "admitted", "error", "failures"} <= set(first)
    (status,) = rows(warraq("status", "--json"))
    assert {"queues", "stream", "lanes", "ledger", "per_minute", "redis_share", "waiting_for"} <= set(status)
    assert {"state": "indexed", "reason": "", "articles": 2} in status["ledger"]
    (story,) = rows(warraq("show", key, "--json"))
    assert (story["id"], story["state"], story["events"][0]["what"]) == (key, "failed", "admitted")
    hits = rows(warraq("search", "القطن", "--json"))
    assert len(hits) == 2
    names = {"id", "score", "url", "title", "site", "published_at", "snippets", "more", "version", "document"}
    assert set(hits[0]) == names
    report = rows(warraq("report", "--json"))
    assert [(row["listed"], row["indexed"], row["problems"]) for row in report] == [(12, 1, [])] * 2


def test_status_names_quiet_sources_with_what_was_expected(world: World, warraq: Command) -> None:
    source, now = SOURCES[0], world.clock.at
    rhythm = Rhythm(newest_at=now - timedelta(days=3), quiet=True, usual_s=7200.0)
    world.sources.put(source)
    world.sources.note(source.id, Poll(quiet_since=rhythm.newest_at, due_at=now, rhythm=rhythm))
    shown = warraq("status").stdout
    is_readable(shown)
    quiet = f"QUIET since {now - timedelta(days=3):%Y-%m-%d %H:%M}; it used to publish every 2 h"
    assert f"{source.name}\n  {quiet}" in shown
    (status,) = rows(warraq("status", "--json"))
    assert [one["name"] for one in status["quiet"]] == [source.name]


def test_keys_are_shown_as_json(warraq: Command, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert world
    for name in ("people/reader_key", "people/flower_password"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    monkeypatch.setattr(
        "workers.cli.stack.settings", lambda: world.rt.settings.model_copy(update={"secrets_dir": tmp_path})
    )
    (shown,) = rows(warraq("keys", "--json"))
    assert shown["reader_key"] == "people/reader_key"
    assert shown["flower_password"] == "people/flower_password"


class Asked(Exception):
    """Ends a command where its client would be used."""


def test_rotation_has_the_patience_of_setup(warraq: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def made(_: Settings, **options: Any) -> None:
        raise Asked(options["request_timeout"])

    (tmp_path / "elasticsearch").mkdir()
    (tmp_path / ELASTIC_PASSWORD).write_text("secret")
    monkeypatch.setattr("workers.cli.stack.settings", lambda: Settings(secrets_dir=tmp_path))
    monkeypatch.setattr("workers.cli.stack.client", made)
    done = warraq("keys", "rotate")
    assert isinstance(done.exception, Asked)
    assert done.exception.args == (60.0,)


def test_what_is_piped_is_not_cut(busy: World, warraq: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    from workers.cli import console  # noqa: PLC0415  # after the fixture
    from workers.cli.terminal import terminal_width  # noqa: PLC0415

    assert busy
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setattr("sys.stdout.isatty", lambda: False)
    monkeypatch.setattr(console.out, "_width", terminal_width())
    assert LONG in warraq("sources", "list").stdout
    assert DETAIL.strip() in warraq("failures", "--reason", "robots").stdout


@pytest.mark.parametrize("since", ["yesterday", "today", "أمس", "اليوم", "7d", "2026-07-01"])
def test_since_is_understood(busy: World, warraq: Command, since: str) -> None:
    assert busy
    assert warraq("search", "القطن", "--since", since).exit_code == 0
    assert "0 pages processed again" in warraq("replay", "--since", since, "--timeout", "0").stdout


def test_a_strange_since_is_refused(warraq: Command, world: World) -> None:
    assert world
    assert "bad_date" in str(warraq("search", "القطن", "--since", "someday").exception)


def test_a_check_speaks_json(busy: World, warraq: Command) -> None:
    done = warraq("check", "--json")
    nothing: dict[str, list[str]] = {
        name: [] for name in ("lost", "found", "gone", "beyond", "lone_documents", "forgotten")
    }
    assert (done.exit_code, rows(done)) == (0, [{"records": 12, "lone_pages": 0} | nothing])
    for key in busy.index.articles:
        for month in busy.index.elastic.names:
            if month.startswith(ARTICLES):
                busy.index.elastic.indexed(month).pop(key, None)
    done = warraq("check", "--json")
    assert done.exit_code == 1
    assert (
        len(json.loads(done.stdout.splitlines()[-1])["lost"]) == 2
    )  # above it is the log, which `main` sends to stderr


def test_a_check_finds_documents_without_records_and_repairs_them(busy: World, warraq: Command) -> None:
    key = next(iter(busy.index.articles))
    del busy.elastic.indexed(LEDGER)[key]
    done = warraq("check")
    assert (done.exit_code, f"{key} has a document and no record: `--repair`" in done.stderr.replace("\n", " ")) == (
        1,
        True,
    )
    assert warraq("check", "--repair", "--yes").exit_code == 1
    assert key in busy.ledger.records
    assert warraq("check").exit_code == 0


def test_what_an_export_leaves_out_is_said(world: World, warraq: Command) -> None:
    world.sources.put(SOURCES[0])
    world.sources.put(replace(SOURCES[1], interval_s=0))
    done = warraq("sources", "export")
    assert SOURCES[0].url in done.stdout
    assert SOURCES[1].url not in done.stdout
    assert done.stderr.startswith("1 that are read only when asked")


def test_a_report_goes_by_name_and_a_removed_source_is_said_to_be_one(busy: World, warraq: Command) -> None:
    names = [line for line in warraq("report").stdout.splitlines() if line and not line.startswith(" ")]
    assert names == [SOURCES[1].name, SOURCES[0].name]
    busy.sources.remove(SOURCES[1].id)
    assert warraq("report").stdout.splitlines().index("removed source 222222222222 (1.example)") > 0


def test_a_removed_source_is_called_one_everywhere(busy: World, warraq: Command) -> None:
    assert f"(source {SOURCES[0].name}, id" in " ".join(warraq("show", "https://0.example/1").stdout.split())
    for source in SOURCES:
        busy.sources.remove(source.id)
    assert len(rows(warraq("failures", "--source", "1" * 12, "--json"))) == 4
    assert "no_source" in str(warraq("failures", "--source", "3" * 12).exception)
    busy.ledger.save([replace(busy.ledger.records[article_id("https://1.example/1")], lane="elsewhere", version=99)])
    shown = warraq("failures").stdout
    assert "removed source 111111111111 (0.example)" in " ".join(shown.split())
    is_readable(shown)
    assert {row["source"] for row in rows(warraq("failures", "--json"))} == {
        "removed source 111111111111 (0.example)",
        "removed source 222222222222",  # of two hosts: neither is its name
    }
    assert "(removed source 111111111111, id" in " ".join(warraq("show", "https://0.example/1").stdout.split())


@pytest.mark.parametrize("pair", ["WARRAQ_POLITENESS_S", "=1"])
def test_a_setting_is_a_name_and_a_value(warraq: Command, monkeypatch: pytest.MonkeyPatch, pair: str) -> None:
    monkeypatch.setattr("workers.cli.stack.local_stack", lambda: None)  # nothing is started, whatever is wrong
    done = warraq("up", "--set", pair)
    assert (done.exit_code, f"{pair!r} is not NAME=VALUE" in done.stderr) == (2, True)
