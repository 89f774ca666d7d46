"""Entries that become articles, and those that cannot."""

from ingest.model import Entry
from tests.fakes import World
from tests.unit.workers.steps.site import SOURCE
from workers.steps import admit as admission


def test_bad_entries_are_named_and_the_others_go_on(world: World) -> None:
    result = admission.admit(world.rt, SOURCE, [Entry("javascript:x"), Entry("http://h/1"), Entry("http://h/1#twice")])
    assert result.admitted == 1
    assert [problem.split(":")[0] for problem in result.problems] == ["url_scheme"]
