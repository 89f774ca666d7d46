"""What is left of old records, and that it is enough: an id is known for ever, and nothing old comes in as new."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ingest.document import RECORD
from ingest.ledger.aging import expired, slimmed
from ingest.ledger.documents import document_found
from ingest.ledger.record import Record, State
from ingest.ledger.reopening import relisted
from ingest.ledger.transitions import CUT, IllegalTransitionError, admitted, ended
from ingest.model import Entry, Source
from workers.steps.report import ENDS
from workers.store.ledger import END_FIELDS
from workers.store.records import dumped

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=400)
URL = "http://h/1"
ENTRY = Entry(URL, title="خبر", summary="موجز", published_at=NOW, updated_at=NOW, tags=("a",))
RECORD_1 = admitted(Source("s", "feed", "http://h/"), ENTRY, NOW)
ENDED = ended(RECORD_1, State.INDEXED, NOW, "", "detail")


def test_a_slim_record_keeps_what_makes_it_known_and_counted() -> None:
    slim = slimmed(ENDED)
    assert (slim.id, slim.state, slim.reason, slim.source_id) == (ENDED.id, ENDED.state, "", "s")
    assert (slim.admitted_at, slim.indexed_at, slim.ended_at) == (NOW, NOW, NOW)
    assert slim.version == ENDED.version + 1
    assert slim.slim
    assert not ENDED.slim
    assert "خبر" not in str(dumped(slim))
    assert "http" not in str(dumped(slim))
    assert not slim.history


def test_a_slim_record_is_written_short_and_read_again() -> None:
    slim = slimmed(replace(ENDED, reason="same_page", state=State.DUPLICATE, versions=3))
    assert RECORD.validate_python(dumped(slim)) == slim
    assert len(str(dumped(slim))) < 0.6 * len(str(dumped(ENDED)))
    assert dumped(slim)["url"] == "", "the query for records that are not slim goes by it"


@pytest.mark.parametrize("state", [State.INDEXED, State.FAILED])
def test_a_slim_record_has_all_fields_by_which_records_are_counted(state: State) -> None:
    written = dumped(slimmed(ended(RECORD_1, state, NOW, "" if state is State.INDEXED else "http_404", "")))
    assert {*END_FIELDS, *ENDS, "stage"} <= written.keys(), "Elasticsearch counts no document that lacks one"


def test_a_listing_that_still_names_it_brings_nothing_back() -> None:
    assert relisted(slimmed(ENDED), ENTRY, LATER) is None
    assert relisted(slimmed(ENDED), replace(ENTRY, updated_at=None), LATER) is None


def test_a_listing_that_says_it_changed_brings_it_back_whole() -> None:
    back = relisted(slimmed(ENDED), replace(ENTRY, updated_at=LATER), LATER)
    assert back is not None
    assert (back.url, back.lane, back.entry.title, back.pending) == (URL, RECORD_1.lane, "خبر", True)
    assert back.version == ENDED.version + 2


def test_what_is_expired_never_comes_back() -> None:
    gone = expired(replace(ENDED, reason=CUT), LATER)
    assert relisted(gone, replace(ENTRY, updated_at=LATER), LATER) is None
    assert (gone.state, gone.indexed_at, gone.reason) == (State.INDEXED, NOW, CUT), "reports stay as they are"
    assert document_found(gone, LATER) is None
    assert slimmed(gone).expired_at == LATER


@pytest.mark.parametrize("change", [slimmed, lambda record: expired(record, NOW)], ids=["slimmed", "expired"])
def test_a_pending_one_stays_as_it_is(change: object) -> None:
    assert callable(change)
    with pytest.raises(IllegalTransitionError):
        change(RECORD_1)


def test_fields_of_another_version_stay() -> None:
    record: Record = replace(ENDED, unknown={"later": 1})
    assert RECORD.validate_python(dumped(slimmed(record))).unknown == {"later": 1}
