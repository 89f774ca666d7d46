"""The kinds of sources are named once; what people read names all that they may choose."""

import re

import pytest

from deploy.local.places import CHECKOUT
from ingest.discover import CHOICES, KINDS
from ingest.files.opml import FEEDS
from ingest.polling.rounds import SEARCHES
from workers.cli.sources import KIND_HELP

COMMENTS = "\n".join(
    line for line in (CHECKOUT / "deploy/sources.toml").read_text().splitlines() if line.startswith("#")
)


@pytest.mark.parametrize("named", [CHOICES, FEEDS, SEARCHES], ids=["choices", "feeds", "searches"])
def test_only_kinds_that_can_be_read_are_named(named: frozenset[str]) -> None:
    assert set(named) <= KINDS.keys()


@pytest.mark.parametrize("kind", CHOICES)
def test_what_people_read_names_every_kind(kind: str) -> None:
    assert f'"{kind}"' in COMMENTS
    assert f"`{kind}`" in (CHECKOUT / "docs/sources.md").read_text()
    assert f"{kind}: " in KIND_HELP


def test_the_example_names_no_other_kind() -> None:
    (said,) = re.findall(r"^#   kind +(.*?)^#   timezone", COMMENTS, re.MULTILINE | re.DOTALL)
    assert set(re.findall(r'"(\w+)"', said)) == CHOICES.keys()
