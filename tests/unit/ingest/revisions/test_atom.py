"""The feed of changes is XML whatever papers write."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

from ingest.revisions.atom import NAMESPACE, atom
from ingest.revisions.difference import Change
from ingest.revisions.edit import Kind
from ingest.revisions.revision import Revision

NOW = datetime(2026, 11, 27, tzinfo=UTC)
BAD = 'عنوان <b> & "]]>" \x00\x0b\ud800\uffff'
REVISION = Revision(
    "a.1",
    "a",
    1,
    (Kind.HEADLINE,),
    NOW,
    "http://h/1?a=1&b=2",
    BAD,
    host="h\x01",
    changes=(Change("قال <script>نعم</script> أمس", "قال <script>لا</script> أمس"),),
)


def test_no_text_breaks_the_feed_or_becomes_a_tag() -> None:
    root = ET.fromstring(atom([REVISION], NOW).encode())
    (entry,) = root.iter(f"{{{NAMESPACE}}}entry")
    texts = {child.tag.rpartition("}")[2]: child.text for child in entry}
    assert texts["title"] == '[headline] عنوان <b> & "]]>" '
    assert texts["content"] is not None
    assert "<del>&lt;script&gt;نعم&lt;/script&gt;</del> <ins>&lt;script&gt;لا&lt;/script&gt;</ins>" in texts["content"]


def test_the_newest_comes_first_and_dates_the_feed() -> None:
    later = replace(REVISION, id="a.2", number=2, seen_at=NOW + timedelta(hours=1))
    root = ET.fromstring(atom([REVISION, later], NOW).encode())
    ids = [one.text for one in root.iter(f"{{{NAMESPACE}}}id")]
    assert ids == ["tag:warraq,2026:changes", "urn:warraq:a.2", "urn:warraq:a.1"]
    assert root.findtext(f"{{{NAMESPACE}}}updated") == later.seen_at.isoformat()
