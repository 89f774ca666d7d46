"""What a command is told and cannot use is said, and is no success."""

import gzip
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.ledger.record import Record, State
from ingest.ledger.transitions import admitted, ended
from ingest.model import Article, Entry, Source
from ingest.revisions.revision import next_version
from tests.fakes import World
from tests.unit.workers.cli.conftest import Command, rows
from workers import cli
from workers.store.outcomes import Outcome

SOURCE = Source("5" * 32, "feed", "http://h/feed", name="صحيفة", interval_s=600)


def said(text: str) -> str:
    return " ".join(text.replace("│", " ").split())


@pytest.fixture
def failed(world: World) -> Record:
    """Have two articles that failed, and one that waits; return the first."""
    world.sources.put(SOURCE)
    three = [admitted(SOURCE, Entry(f"http://h/{number}"), world.clock.at) for number in range(3)]
    ends = [ended(one, State.FAILED, world.clock.at, "http_500") for one in three[:2]]
    world.ledger.save([*ends, three[2]])
    world.clock.forward(60)
    return ends[0]


def pending(world: World) -> set[str]:
    return {one.url for one in world.ledger.records.values() if one.pending}


def test_an_article_that_cannot_be_tried_again_is_named(world: World, warraq: Command, failed: Record) -> None:
    done = warraq("retry", failed.id[:12], "http://h/none", "http://h/2")
    assert (done.exit_code, done.stdout.splitlines()[0]) == (1, "articles reopened: 1")
    assert "'http://h/none': no such article" in said(done.stderr)
    assert "'http://h/2' is pending: only what failed or was rejected" in said(done.stderr)
    assert pending(world) == {"http://h/0", "http://h/2"}
    assert warraq("retry", "http://h/1").exit_code == 0


def test_an_empty_name_stands_for_no_article(world: World, warraq: Command, failed: Record) -> None:
    assert failed
    for empty in ("", " "):
        assert warraq("retry", empty).exit_code == 1
    assert pending(world) == {"http://h/2"}


BROKEN = {"none.gz": None, "torn.gz": gzip.compress(b"x" * 99)[:20], "odd.gz": b"no gzip", "folder": Path}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("command", [("rules", "try"), ("reindex", "--queries")])
def test_a_file_that_cannot_be_read_ends_in_one_line(
    warraq: Command, tmp_path: Path, command: tuple[str, ...], name: str
) -> None:
    body = BROKEN[name]
    if isinstance(body, bytes):
        (tmp_path / name).write_bytes(body)
    elif body is Path:
        (tmp_path / name).mkdir()
    done = warraq(*command, str(tmp_path / name))
    assert (done.exit_code, name in done.stderr.replace("\n", "")) == (2, True), done.exception


@pytest.mark.parametrize("body", ["", "\n", '{"query": "x"}', "{", "\udcff"])
def test_what_are_no_queries_starts_no_reindex(warraq: Command, tmp_path: Path, body: str) -> None:
    (tmp_path / "queries.jsonl").write_bytes(body.encode(errors="surrogateescape"))
    done = warraq("reindex", "--queries", str(tmp_path / "queries.jsonl"))
    assert (done.exit_code, type(done.exception)) == (2, SystemExit)


def test_a_file_that_a_command_did_not_expect_to_lack_ends_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing() -> None:
        Path("/nowhere/at/all").read_bytes()

    monkeypatch.setattr(cli, "app", missing)
    monkeypatch.setattr("structlog.configure", lambda **_: None)  # its stream ends with this test
    with pytest.raises(SystemExit) as done:
        cli.main()
    assert (done.value.code, capsys.readouterr().err) == (2, "/nowhere/at/all: No such file or directory\n")


@pytest.mark.parametrize(
    "command",
    [
        ("backup", "/elsewhere", "--list"),
        ("history", "http://h/0", "--not-gone", "--json"),
        ("changes", "--atom", "--json"),
        ("keys", "--json", "rotate"),
        ("stories", "--day", "today", "rebuild"),
        ("ingest", ""),
        ("ingest", "a", " "),
    ],
    ids=" ".join,
)
@pytest.mark.usefixtures("failed")
def test_what_cannot_both_be_had_is_refused(
    warraq: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    done = warraq(*command)
    assert (done.exit_code, type(done.exception)) == (2, SystemExit), done.output


@pytest.mark.parametrize("heap", ["512", "lots", "-1g", "0m", "1.5g"])
def test_a_heap_is_a_size(warraq: Command, monkeypatch: pytest.MonkeyPatch, heap: str) -> None:
    monkeypatch.setattr("workers.cli.stack.local_stack", lambda: None)  # nothing is started
    done = warraq("up", "--heap", heap)
    assert (done.exit_code, f"{heap!r} is no size: write 512m" in said(done.stderr)) == (2, True)


def test_an_import_polls_no_source_that_is_paused(world: World, warraq: Command, tmp_path: Path) -> None:
    body = "[[source]]\nurl = 'http://h/a'\npaused = true\n[[source]]\nurl = 'http://h/b'\n"
    (tmp_path / "list.toml").write_text(body)
    done = warraq("sources", "import", str(tmp_path / "list.toml"))
    assert (done.exit_code, done.stdout) == (0, "1 source will be polled, the first time now\n1 paused\n")
    assert world.redis.zcard("warraq:sources") == 1


@pytest.mark.parametrize(("name", "body"), [("a.toml", "source = []"), ("a.opml", "<opml><body/></opml>")])
def test_an_import_of_nothing_is_none(warraq: Command, tmp_path: Path, name: str, body: str) -> None:
    (tmp_path / name).write_text(body)
    done = warraq("sources", "import", str(tmp_path / name))
    assert (done.exit_code, "there is no source in it" in said(done.stderr)) == (2, True)


def test_a_replay_that_is_not_over_in_time_is_no_success(
    world: World, warraq: Command, failed: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world.rt.pages, "has", lambda _: True)
    done = warraq("replay", "--source", SOURCE.name, "--timeout", "0")
    assert (done.exit_code, "2 are not done after 0 s" in said(done.stderr)) == (1, True), done.output
    assert failed.url in pending(world)


@pytest.mark.usefixtures("failed")
def test_changes_are_of_a_source_by_whatever_it_is_called(world: World, warraq: Command) -> None:
    other = replace(SOURCE, id="6" * 32, url="http://other/feed", name="other.example")
    world.sources.put(other)
    for number, source in enumerate((SOURCE, other)):
        record = admitted(source, Entry(f"http://{number}.example/1"), world.clock.at)
        old = Article(record.id, record.url, "مقتل 3", "نص", host=f"{number}.example", source_id=source.id)
        made = next_version(old, replace(old, title="مقتل 5"), world.clock.at)
        done = ended(record, State.INDEXED, world.clock.at)
        world.index.write([Outcome(done, made.article, revisions=made.revisions)], world.clock.at)
    for named in (SOURCE.name, SOURCE.id, SOURCE.id[:12], SOURCE.url, "0.example"):
        assert [one["host"] for one in rows(warraq("changes", "--json", "--source", named))] == ["0.example"], named
    assert len(rows(warraq("changes", "--json"))) == 2
    assert "no_source: nobody" in str(warraq("changes", "--source", "nobody").exception)
