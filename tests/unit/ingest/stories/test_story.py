from collections.abc import Iterable
from dataclasses import replace

import pytest

from ingest.stories.fingerprint import Fingerprint, links
from ingest.stories.story import Grouping, grouped, members
from tests.unit.ingest.stories.texts import prose, told

PROSE = prose(1)
TEXT = " ".join(PROSE)
SHORT = " ".join(PROSE[:70])
EDITED = " ".join([*PROSE[:100], *prose(9, 20)])


def linked(articles: Iterable[Fingerprint]) -> dict[str, Fingerprint]:
    """Return articles as they are known when they have come one after the other."""
    known: dict[str, Fingerprint] = {}
    for one in articles:
        known[one.id] = replace(one, links=links(one, known.values()))
    return known


def grouping(*articles: Fingerprint) -> Grouping:
    return grouped(linked(articles))


def test_who_was_first_and_what_the_others_are() -> None:
    found = grouping(told("b", TEXT, 5), told("a", TEXT, 9), told("c", EDITED, 7), told("d", " ".join(prose(2)), 8))
    roles = {one: (m.story, m.story_role, m.copied_from) for one, m in found.memberships.items()}
    assert roles == {
        "b": ("b", "first", ""),
        "c": ("b", "version", "b"),
        "a": ("b", "copy", "b"),
        "d": ("d", "", ""),
    }
    (story,) = found.stories
    assert (story.id, story.members, story.first_publisher) == ("b", ("b", "c", "a"), "b")
    assert (story.articles, story.publishers, story.spread_s) == (3, 3, 240)
    assert members(found.stories) == {"a", "b", "c"}


def test_a_short_wire_and_the_longer_piece_are_one_story() -> None:
    longer = f"{' '.join(prose(3, 300))} {TEXT}"
    found = grouping(told("a", longer, 5), told("b", TEXT, 1))
    assert found.memberships["a"].story_role == "version"
    assert found.memberships["a"].similarity == 1.0


def test_an_owner_s_papers_are_one_voice_and_so_are_an_agency_s_copies() -> None:
    owner = grouping(told("a", TEXT), told("b", TEXT, 1, publisher="a"), told("c", TEXT, 2))
    assert owner.stories[0].publishers == 2
    wire = grouping(told("a", TEXT, agencies=("واس",)), told("b", TEXT, 1), told("c", TEXT, 2, agencies=("واس",)))
    assert (wire.stories[0].publishers, wire.stories[0].agencies) == (1, ("واس",))


@pytest.mark.parametrize(
    ("named", "voices"),
    [
        ((("واس", "رويترز"), ("رويترز", "واس")), 1),
        ((("واس",), ("رويترز", "واس")), 1),
        ((("واس",), ("رويترز",)), 2),
        ((("رويترز", "واس"), ("واس",), ("رويترز",)), 2),
        ((("رويترز", "واس"), ("واس", "قنا")), 1),
    ],
)
def test_who_names_two_agencies_is_no_voice_beside_them(named: tuple[tuple[str, ...], ...], voices: int) -> None:
    (story,) = grouping(*(told(f"{n}", TEXT, n, agencies=one) for n, one in enumerate(named))).stories
    assert story.publishers == voices


def test_an_agency_s_copy_is_credited_to_it() -> None:
    found = grouping(
        told("a", TEXT), told("b", SHORT, 1, agencies=("واس",)), told("c", EDITED, 2, agencies=("رويترز",))
    )
    assert found.agencies["a"] == ("رويترز",)  # the most similar text
    assert {one: m.agency_by for one, m in found.memberships.items()} == {"a": "content", "b": "credit", "c": "credit"}


def test_of_equal_texts_that_name_agencies_the_first_is_believed() -> None:
    named = {"a": (2, ("رويترز",)), "b": (1, ("واس",)), "c": (3, ("أ ف ب",))}
    found = grouping(told("d", TEXT, 4), *(told(key, TEXT, at, agencies=by) for key, (at, by) in named.items()))
    assert found.agencies["d"] == ("واس",)


def test_a_long_report_is_not_the_agency_s_that_it_quotes() -> None:
    report = f"{' '.join(prose(3, 300))} {TEXT}"
    found = grouping(told("a", TEXT, agencies=("واس",)), told("b", report, 1))
    assert found.memberships["b"].story == "a"
    assert (found.agencies["b"], found.memberships["b"].agency_by) == ((), "")


def test_a_link_to_an_earlier_version_does_not_count() -> None:
    known = linked([told("a", TEXT), told("b", TEXT, 1)])
    known["a"] = replace(told("a", " ".join(prose(8)), version=2), links=())
    assert grouped(known).stories == ()


def test_an_article_alone_may_name_an_agency() -> None:
    (alone,) = grouping(told("a", TEXT, agencies=("واس",))).memberships.values()
    assert (alone.story, alone.story_role, alone.agency_by) == ("a", "", "credit")
