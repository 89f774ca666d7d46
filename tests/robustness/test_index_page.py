"""Pages of nothing but tags, and of links where they cost much."""

from time import process_time

import pytest

from ingest.errors import Permanent
from tests.unit.ingest.discover.test_index_page import PAGE, read

LINKS = "".join(f'<a href="/2026/11/{n}">خبر خبر خبر خبر خبر خبر {n}</a>' for n in range(3000))


def test_a_page_of_nothing_but_tags_is_survived() -> None:
    assert len(read(PAGE.replace("</main>", "<div>" * 20_000)).entries) == 2


def test_links_inside_links_are_refused_in_time() -> None:
    started = process_time()
    with pytest.raises(Permanent, match="listing_too_deep"):
        read("<a href=x><b>" * 50_000)
    assert process_time() - started < 2


@pytest.mark.parametrize("card", ["<li>", f"<tr>{'<a href=x></a>' * 9}"])
def test_a_card_that_holds_the_whole_page_is_looked_through_once(card: str) -> None:
    started = process_time()
    assert read(card + LINKS).entries
    assert process_time() - started < 2
