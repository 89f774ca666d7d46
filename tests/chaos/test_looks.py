"""What the chaos suite calls a revision that is lost or doubled, and a copy that is in no story."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from ingest.revisions.revision import Revision
from ingest.stories.fingerprint import Membership
from tests.chaos.faults.looks import is_each_once
from tests.chaos.stories import is_told

EDITIONS = ("first", "second", "third")
TWINS = {"a", "b"}


def versions(*numbered: tuple[int, str]) -> list[Revision]:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return [Revision(f"a.{number}", "a", number, (), at, "http://a.example/1", title) for number, title in numbered]


@pytest.mark.parametrize(
    "kept",
    [(), ((0, "first"), (1, "second"), (2, "third")), ((0, "first"), (1, "third")), ((0, "second"), (1, "third"))],
)
def test_editions_that_were_seen_are_kept_each_once(kept: Sequence[tuple[int, str]]) -> None:
    assert is_each_once(versions(*kept), max(len(kept) - 1, 0), EDITIONS)


@pytest.mark.parametrize(
    ("kept", "counted"),
    [
        (((0, "first"), (2, "third")), 2),  # one is lost
        (((0, "first"), (1, "second"), (2, "second")), 2),  # one is there twice
        (((0, "first"), (1, "second"), (1, "second")), 1),
        (((0, "first"), (1, "third"), (2, "second")), 2),  # an older one came later
        (((0, "first"), (1, "another")), 1),
        (((0, "first"), (1, "second")), 2),  # the document knows of one more
        ((), 1),
    ],
)
def test_what_is_lost_or_doubled_is_seen(kept: Sequence[tuple[int, str]], counted: int) -> None:
    assert not is_each_once(versions(*kept), counted, EDITIONS)


@pytest.mark.parametrize(
    ("membership", "right"),
    [
        (Membership("a", "first"), True),
        (Membership("a", "copy", "b", 0.9), False),  # it cannot be a copy in its own story
        (Membership("b", "copy", "b", 0.9), True),
        (Membership("a"), False),  # alone, though it has a twin
        (Membership("c", "copy", "c", 0.9), False),
        (None, False),
    ],
)
def test_an_article_is_in_its_twins_story(membership: Membership | None, right: bool) -> None:  # noqa: FBT001  # a table
    assert is_told(membership, "a", TWINS) is right


def test_an_article_without_twin_is_alone() -> None:
    assert is_told(Membership("a"), "a", {"a"})
    assert not is_told(Membership("a", "first"), "a", {"a"})
