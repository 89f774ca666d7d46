"""Pages that hold a value a hundred thousand times, or one that is endless: read in time."""

from time import process_time

import pytest

from tests.unit.ingest.extract.test_metadata import H1, TEXT, said


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 240 + H1 + TEXT,
        "<p class='date'>20 نوفمبر 2026</p>" * 20_000,
        H1 + "<a rel='author'>سارة</a>" * 20_000,
        H1 + "<span class='date'>2026</span>" * 100_000,
        f"<h1>{'كلمة - ' * 50_000}</h1>",
        f"{H1}<time datetime='{'2026-11-23 ' * 50_000}'>أمس</time>",
        f"{H1}<figure><figcaption>{'(' * 100_000}</figcaption></figure>",
        f"{H1}<a rel='author'>{'(' * 100_000}</a>",
    ],
    ids=["deep", "dates", "authors", "date in pieces", "headline", "date", "caption", "name"],
)
def test_hostile_pages_are_read_in_time(body: str) -> None:
    start = process_time()
    said(body)
    assert process_time() - start < 2
