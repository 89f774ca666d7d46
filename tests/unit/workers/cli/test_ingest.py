"""`warraq ingest`, retry and replay: what is said when nothing is found, or a service of our own is away."""

from datetime import timedelta
from pathlib import Path
from unittest.mock import Mock

import pytest
from elastic_transport import ConnectionError as NoConnectionError

from ingest.ledger.record import Record, State
from ingest.ledger.transitions import admitted, ended
from ingest.model import Entry, Source
from ingest.urls import article_id
from tests.fakes import World, polled
from tests.unit.workers.cli.conftest import Command
from tests.unit.workers.steps.site import FEED, RSS, page
from workers.steps.admit import admit

STATES = (State.FAILED, State.REJECTED)


def said(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Six files, which are admitted two at a time."""
    monkeypatch.setattr("workers.steps.ingest.AT_ONCE", 2)
    for number in range(6):
        (tmp_path / f"{number}.txt").write_text(f"عنوان {number}\nمتن")
    return tmp_path


def away_from(world: World, monkeypatch: pytest.MonkeyPatch, call: int, *, calls: int) -> None:
    """Let the ledger be away from its nth admission on, for so many."""
    create, count = world.ledger.create, [0]

    def now_and_then(records: list[Record]) -> list[Record]:
        count[0] += 1
        if call <= count[0] < call + calls:
            raise NoConnectionError("refused")
        return create(records)

    monkeypatch.setattr(world.ledger, "create", now_and_then)
    monkeypatch.setattr("workers.steps.patience.AGAIN_S", 0)


@pytest.mark.parametrize("make", [False, True])
def test_nothing_found_is_said(world: World, warraq: Command, tmp_path: Path, *, make: bool) -> None:
    place = tmp_path / "texts"
    if make:
        place.mkdir()
    done = warraq("ingest", str(place))
    assert done.exit_code == 1
    assert ("nothing to ingest in it" if make else "no such file or folder") in said(done.stderr)
    assert world.ledger.records == {}


def test_a_folder_that_cannot_be_read_is_said(warraq: Command, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(place: object) -> object:
        raise PermissionError(13, "Permission denied", str(place))

    monkeypatch.setattr("os.scandir", closed)
    done = warraq("ingest", str(folder))
    assert done.exit_code == 1
    assert "Permission denied" in said(done.stderr)


def test_it_waits_for_elasticsearch_and_goes_on(
    world: World, warraq: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    away_from(world, monkeypatch, 2, calls=3)
    done = warraq("ingest", str(folder), "--timeout", "0")
    assert len(world.ledger.records) == 6
    assert said(done.stderr).count("Elasticsearch does not answer") == 1
    assert "waiting up to 600 s" in said(done.stderr)


def test_when_it_gives_up_it_says_how_far_it_came_and_can_go_on(
    world: World, warraq: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    away_from(world, monkeypatch, 3, calls=1)
    done = warraq("ingest", str(folder), "--outage", "0")
    assert done.exit_code == 1
    assert len(world.ledger.records) == 4
    assert "4 articles are admitted and will be indexed; run the same command again" in said(done.stderr)
    warraq("ingest", str(folder), "--timeout", "0")
    assert len(world.ledger.records) == 6


def test_a_retry_that_finds_redis_full_says_how_to_go_on(world: World, warraq: Command) -> None:
    then = world.clock.at - timedelta(hours=1)
    record = ended(
        admitted(Source("s", "feed", "http://h/"), Entry("http://h/1"), then), State.FAILED, then, "http 404"
    )
    world.ledger.save([record])
    world.redis.used = 80
    done = warraq("retry", "--reason", "http 404", "--outage", "0")
    assert done.exit_code == 1
    assert "articles reopened: 0" in done.stdout
    assert "redis_full" in done.stderr
    assert f"warraq retry --reason 'http 404' --before {world.clock.at.isoformat()}" in said(done.stderr)
    world.redis.used = 0
    done = warraq("retry", "--reason", "http 404", "--before", world.clock.at.isoformat())
    assert (done.exit_code, done.stdout.splitlines()[0]) == (0, "articles reopened: 1")


def test_a_replay_that_finds_redis_full_says_how_to_go_on(world: World, warraq: Command) -> None:
    then, source = world.clock.at - timedelta(hours=1), Source("s", "feed", "http://h/")
    world.sources.put(source)
    world.ledger.save([ended(admitted(source, Entry("http://h/1"), then), State.FAILED, then, "empty")])
    world.redis.used = 80
    done = warraq("replay", "--failed", "--source", "s", "--since", "7d", "--outage", "0")
    assert done.exit_code == 1
    since = (world.clock.at - timedelta(days=7)).isoformat()
    wanted = f"warraq replay --since {since} --source s --failed --before {world.clock.at.isoformat()}"
    assert wanted in said(done.stderr)


def test_a_file_that_is_no_text_is_named(world: World, warraq: Command, tmp_path: Path) -> None:
    cases = {
        "a.docx": (b"PK\x03\x04 and more", "a document of another program"),
        "b.pdf": (b"%PDF-1.7", "save it as text"),
    }
    for name, (body, what) in cases.items():
        (tmp_path / name).write_bytes(body)
        done = warraq("ingest", str(tmp_path / name))
        assert (done.exit_code, what in said(done.stderr)) == (1, True), done.output
    assert world.ledger.records == {}


def test_what_cannot_be_read_leaves_nothing_behind(world: World, warraq: Command, tmp_path: Path) -> None:
    bodies = {"a.pdf": b"%PDF-1.7", "b.warc": b"no archive", "c.warc.gz": b"\x1f\x8b\x08cut", "d/e.txt": b"PK\x03\x04"}
    for name, body in bodies.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(body)
        assert warraq("ingest", str(tmp_path / name)).exit_code == 1
    assert warraq("ingest", str(tmp_path / "d")).exit_code == 1
    assert (world.sources.all(), world.ledger.records) == ([], {})
    assert warraq("sources", "list").stdout == ""
    (tmp_path / "d" / "f.txt").write_text("عنوان\nمتن", encoding="utf-8")
    warraq("ingest", str(tmp_path / "d"), "--timeout", "0")
    ((source, poll),) = world.sources.all()
    assert (source.name, poll.admitted, len(poll.problems)) == ("d", 1, 1)


def test_documents_that_a_folder_is_not_read_for_are_named(warraq: Command, folder: Path) -> None:
    for name in ("a.docx", "b.DOCX", "c/d.pdf", "e.css", ".pdf"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"x")
    assert "not read are 2 .docx, 2 .pdf; save them" in said(warraq("ingest", str(folder), "--timeout", "0").stderr)


def test_a_listing_whose_articles_other_sources_brought_is_not_nothing(
    world: World, warraq: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Source(article_id(FEED), "auto", FEED, interval_s=0)
    world.web.answers = {FEED: page(FEED, RSS, "application/rss+xml")}
    admit(world.rt, Source("s", "feed", "http://h/"), [Entry("http://h/1"), Entry("http://h/gone")])
    world.sources.put(other)

    def polled_at_once(_: float) -> None:
        polled(world, other.id)

    monkeypatch.setattr("workers.cli.articles.time.sleep", polled_at_once)
    done = warraq("ingest", FEED)
    assert (done.exit_code, "2 listed, and none of them is new" in said(done.stdout)) == (0, True), done.output


def test_who_stops_waiting_hears_what_becomes_of_it(
    warraq: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.cli.articles.follow", Mock(side_effect=KeyboardInterrupt))
    done = warraq("ingest", str(folder))
    assert done.exit_code == 130
    assert "stopped: what is admitted will be indexed; run the same command again" in said(done.stderr)
