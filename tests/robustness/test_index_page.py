"""A page of nothing but tags."""

from tests.unit.ingest.discover.test_index_page import PAGE, read


def test_a_page_of_nothing_but_tags_is_survived() -> None:
    assert len(read(PAGE.replace("</main>", "<div>" * 20_000)).entries) == 2
