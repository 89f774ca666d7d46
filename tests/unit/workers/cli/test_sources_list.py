"""What `warraq sources list` says of a source."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from ingest.model import Source
from ingest.polling.poll import Poll
from ingest.polling.rhythm import Rhythm, watched
from workers.cli.sources import _every, _found

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
SOURCE = Source("s", "feed", "http://h/feed", interval_s=600)


def test_how_often() -> None:
    assert _every(SOURCE, Poll()) == "every 600 s or more"
    assert _every(SOURCE, Poll(due_at=NOW)) == "every 600 s or more, next 11-25 12:00:00"
    assert _every(replace(SOURCE, interval_s=0), Poll()) == "when asked"
    assert _every(SOURCE, Poll(gone=True)).startswith("no more: it is gone (410)")


def test_a_quiet_source_and_one_that_moves_are_named() -> None:
    rhythm = watched(Rhythm(), [NOW - timedelta(hours=hour) for hour in range(48)], NOW)
    poll = Poll(listed=48, admitted=0, rhythm=watched(rhythm, [], NOW + timedelta(days=3)), moved_to="http://h/rss")
    assert _found(poll) == "48 listed, 0 new; moves to http://h/rss; QUIET, against its rhythm, since 2026-11-25"
    assert _found(replace(poll, rhythm=rhythm, moved_to="")) == "48 listed, 0 new"
    assert _found(Poll(failures=3, error="robots: no")) == "robots: no (3 times in a row)"
