"""What `warraq sources list` says of a source."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import Result

from ingest.model import Page, Source
from ingest.polling import polls
from ingest.polling.poll import Poll
from ingest.polling.rhythm import Rhythm, watched
from tests.fakes import World
from tests.unit.workers.cli.conftest import Command
from workers.cli.source_lines import every, found, lines_of
from workers.steps.sources import Listed, as_listed

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
SOURCE = Source("s", "feed", "http://h/feed", interval_s=600)
UNCHANGED = Page("http://h/feed", 304, (), b"", NOW)


def of(source: Source, poll: Poll) -> Listed:
    return as_listed(source, poll, NOW)


def test_how_often() -> None:
    assert every(of(SOURCE, Poll())) == "every 600 s or more"
    assert every(of(SOURCE, Poll(due_at=NOW))) == "every 600 s or more, next 11-25 12:00:00 UTC"
    assert every(of(replace(SOURCE, interval_s=0), Poll())) == "again when asked"
    assert every(of(SOURCE, Poll(gone=True))).startswith("no more: it is gone (410)")


def test_a_quiet_source_and_one_that_moves_are_named() -> None:
    rhythm = watched(Rhythm(), [NOW - timedelta(hours=hour) for hour in range(48)], NOW)
    poll = polls.unchanged(Poll(listed=48, rhythm=rhythm), UNCHANGED, NOW + timedelta(days=3))
    assert found(of(SOURCE, replace(poll, moved_to="http://h/rss"))) == (
        "48 listed, 0 new; moves to http://h/rss; QUIET since 2026-11-25 12:00; it used to publish every 59 min"
    )
    assert found(of(replace(SOURCE, interval_s=0), poll)) == "48 listed, 0 new", "nobody asked it since"
    again = polls.unchanged(Poll(listed=48, rhythm=rhythm), UNCHANGED, NOW)
    assert found(of(SOURCE, again)) == "48 listed, 0 new"
    assert found(of(SOURCE, Poll(failures=3, error="robots: no"))) == "robots: no (3 times in a row)"
    assert found(of(SOURCE, Poll(failures=1, error="dns: no"))) == "dns: no (1 time in a row)"


def test_a_source_is_a_few_short_lines() -> None:
    poll = Poll(polled_at=NOW, due_at=NOW + timedelta(minutes=10), listed=3, admitted=1)
    assert list(lines_of(of(SOURCE, poll))) == [
        "s  feed",
        "http://h/feed",
        "polled 11-25 12:00:00 UTC, every 600 s or more, next 11-25 12:10:00 UTC",
        "3 listed, 1 new",
    ]


def test_an_import_names_what_is_wrong_and_adds_the_rest(warraq: Command, tmp_path: Path) -> None:
    lists = {
        "a.toml": "[[source]]\nurl = 'x'\n[[source]]\nurl = 'http://h/feed'\n",
        "b.toml": "[[source]]\nurl = 'http://h/'",
    }
    for name, text in lists.items():
        (tmp_path / name).write_text(text)
    done = warraq("sources", "import", str(tmp_path / "a.toml"))
    assert (done.exit_code, done.stdout) == (2, "1 source will be polled, the first time now\n")
    assert "source 1 ('x'): url_invalid" in " ".join(done.stderr.split())
    assert warraq("sources", "import", str(tmp_path / "b.toml")).exit_code == 0


def test_a_name_that_stands_for_several_names_each(world: World, warraq: Command) -> None:
    for number in "ab":
        world.sources.put(Source(number * 32, "feed", f"http://h/{number}.xml", "texts", interval_s=600))
    for command, said in (("pause", "paused"), ("resume", "polled again"), ("remove", "removed, its articles stay")):
        done = warraq("sources", command, "texts")
        assert done.exit_code == 0, done.output
        for number in "ab":
            assert f"texts\n  {number * 12} is {said}\n  http://h/{number}.xml\n" in done.stdout
    assert world.sources.all() == []


def test_a_new_source_is_named_by_its_address(warraq: Command) -> None:
    done = warraq("sources", "add", "http://h/feed", "--wait", "0")
    assert done.stdout.startswith("http://h/feed\nwill be polled every 600 s or more, the first time now; id ")


def test_what_is_no_address_is_told_how_one_looks(warraq: Command) -> None:
    done = warraq("sources", "add", "news.example")
    assert "as https://example.org" in str(done.exception)


@pytest.mark.parametrize(
    ("poll", "code", "said"),
    [
        (Poll(polls=1, listed=3, admitted=2), 0, "3 listed, 2 new"),
        (Poll(polls=1, error="dns: no such name"), 1, "its first poll failed: dns: no such name; it will be"),
        (Poll(polls=1, error="http_410", gone=True), 1, "add it again under its new address"),
        (None, 1, "it is added, but not read yet after 1 s"),
    ],
)
def test_a_first_poll_that_fails_is_told_by_the_exit_code_and_the_source_stays(
    world: World, first_poll: Command, poll: Poll | None, code: int, said: str
) -> None:
    done = first_poll(poll)
    (source, _), *_ = world.sources.all()
    told = " ".join(f"{done.stdout} {done.stderr}".split())
    assert (done.exit_code, said in told) == (code, True), done.output
    assert (f"`warraq sources remove {source.id[:12]}` takes it out" in told) == bool(poll and poll.error)


@pytest.fixture
def first_poll(warraq: Command, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Add a source of which the first poll is given; None: it is not over in time."""

    def add(poll: Poll | None) -> Result:
        monkeypatch.setattr("workers.steps.sources.first_poll", lambda *_, **__: poll)
        return warraq("sources", "add", "http://h/feed", "--wait", "1")

    return add
