"""During an upgrade two versions share records and outcomes: neither loses what only the other one knows."""

import json
from dataclasses import replace
from datetime import UTC, datetime

from ingest.document import MAPPINGS, RECORD, document
from ingest.ledger.record import State
from ingest.ledger.reopening import reopened
from ingest.ledger.transitions import admitted, ended
from ingest.model import Article, Entry, Source
from workers.store.outcomes import OUTCOME, Outcome

NOW = datetime(2026, 11, 1, tzinfo=UTC)
OLD = ended(admitted(Source("s", "feed", "http://h/"), Entry("http://h/1"), NOW), State.INDEXED, NOW)
ARTICLE = Article(id=OLD.id, url=OLD.url, title="عنوان", body="نص")


def test_a_record_of_the_next_version_keeps_its_fields_through_ours() -> None:
    theirs = RECORD.dump_python(OLD, mode="json") | {"priority": 3}
    theirs["entry"] |= {"kicker": "عاجل"}
    ours = reopened(RECORD.validate_python(theirs), NOW)
    back = RECORD.dump_python(ours, mode="json")
    assert back["priority"] == 3
    assert back["entry"]["kicker"] == "عاجل"
    assert RECORD.validate_json(RECORD.dump_json(ours)) == ours
    assert json.loads(RECORD.dump_json(ours)) == back


def test_an_outcome_of_the_next_version_becomes_a_document_with_its_fields() -> None:
    theirs = json.loads(OUTCOME.dump_json(Outcome(OLD, ARTICLE)))
    theirs["article"]["mood"] = "calm"
    theirs["record"]["priority"] = 3
    ours = OUTCOME.validate_json(json.dumps(theirs))
    assert ours.article is not None
    assert document(ours.article) == document(ARTICLE) | {"mood": "calm"}
    assert json.loads(OUTCOME.dump_json(ours)) == theirs


def test_what_has_no_unknown_fields_says_nothing_of_them() -> None:
    assert "unknown" not in RECORD.dump_python(OLD, mode="json") | document(ARTICLE)
    assert not [fields for fields in MAPPINGS.values() if "unknown" in fields["properties"]]
    assert RECORD.validate_json(RECORD.dump_json(OLD)) == OLD
    assert hash(replace(ARTICLE, unknown={"a": 1})) == hash(ARTICLE)


def test_a_record_of_the_last_version_lacks_what_is_new() -> None:
    theirs = RECORD.dump_python(OLD, mode="json")
    del theirs["starts"]
    assert RECORD.validate_python(theirs) == OLD
