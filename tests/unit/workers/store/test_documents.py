"""How many documents are read at once: as many as there is room for, by what is known of their texts."""

from typing import cast

import pytest
from elasticsearch import Elasticsearch

from tests.fake_elastic import FakeElastic
from workers.store.documents import LONG, Document, Documents, Place

MONTH = "news-articles-2026.11"


@pytest.mark.parametrize(
    ("chars", "portions"),
    [
        ([LONG] * 10, [8, 2]),
        ([2_000] * 130, [100, 30]),
        ([2_000] * 5 + [8 * LONG] + [2_000], [5, 1, 1]),
        ([20 * LONG, 1], [1, 1]),
    ],
)
def test_documents_are_read_as_many_as_there_is_room_for(chars: list[int], portions: list[int]) -> None:
    elastic = FakeElastic()
    elastic.create(MONTH)
    documents = Documents(cast("Elasticsearch", elastic))
    places = [Place(MONTH, f"a{number}", size) for number, size in enumerate(chars)]
    documents.write([Document(place, 1, {}) for place in places])
    read = list(documents.portions(places))
    assert [len(portion) for portion in read] == portions
    assert [one.place for portion in read for one in portion] == places
