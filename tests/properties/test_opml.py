"""OPML: any source that is written is read back."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.document import SOURCE
from ingest.files.opml import read_opml, write_opml
from ingest.model import Source


@given(
    name=st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1),
    interval=st.integers(60, 10**6),
    selector=st.sampled_from(["", "main > h3 a", 'a[href*="news"]']),
    kind=st.sampled_from(["feed", "site", "index", "sitemap"]),
    pages=st.integers(1, 9),
    full_text=st.booleans(),
    hours=st.lists(st.sampled_from([0.001, 0.5, 6, 168]), max_size=4).map(tuple),
)
def test_what_is_written_is_read_back(
    *, name: str, interval: int, selector: str, kind: str, pages: int, full_text: bool, hours: tuple[float, ...]
) -> None:
    source = Source(
        "s", kind, "https://fajr.example/x?a=1&b=%D8%A7", name, "Asia/Baghdad", interval,
        home="https://fajr.example/", full_text=full_text, selector=selector, pages=pages, revisit_hours=hours,
    )  # fmt: skip
    (found,), problems = read_opml(write_opml([source]).encode())
    assert SOURCE.validate_python({**found, "id": "s"}) == source
    assert problems == ()
