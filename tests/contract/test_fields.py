"""Fields are added on the real server to indices of an earlier version."""

from copy import deepcopy
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from ingest.document import MAPPINGS
from ingest.errors import Permanent
from workers.store import setup
from workers.store.indices import ARTICLE_KIND, IndexKind

pytestmark = pytest.mark.stack

NAME = "test-articles-of-an-earlier-version"


@pytest.fixture
def earlier(elasticsearch: Elasticsearch, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make an index without two of the fields and one of the title's ways to be searched, and with another body."""
    fields: dict[str, Any] = deepcopy(ARTICLE_KIND.mapping["properties"])
    del fields["story"], fields["body"]["index_options"]
    del fields["quality"]["properties"]["prose"], fields["title"]["fields"]["autocomplete"]
    monkeypatch.setitem(MAPPINGS, NAME, dict(ARTICLE_KIND.mapping))
    monkeypatch.setattr(setup, "INDICES", (IndexKind(NAME),))
    mapping = {"dynamic": "strict", "properties": fields}
    elasticsearch.indices.create(index=NAME, mappings=mapping, settings=ARTICLE_KIND.settings())
    yield lambda: elasticsearch.indices.get_mapping(index=NAME)[NAME]["mappings"]["properties"]
    elasticsearch.indices.delete(index=NAME)


def test_what_lacks_is_added_and_the_rest_stays_as_it_is(elasticsearch: Elasticsearch, earlier: Any) -> None:
    before = earlier()
    setup.add_fields(elasticsearch)
    after = earlier()
    assert after.keys() == ARTICLE_KIND.mapping["properties"].keys()
    assert (after["body"], "offsets" in str(after["body"]["fields"])) == (before["body"], True)
    assert after["title"]["fields"].keys() == {"exact", "autocomplete"}
    assert after["quality"]["properties"].keys() == ARTICLE_KIND.mapping["properties"]["quality"]["properties"].keys()
    document = {"title": "خبر", "body": "نص", "story": "s", "quality": {"prose": 0.5}}
    elasticsearch.index(index=NAME, document=document, refresh=True)
    setup.add_fields(elasticsearch)
    assert earlier() == after


def test_what_refuses_is_named_with_its_reason(elasticsearch: Elasticsearch, earlier: Any) -> None:
    before = earlier()
    elasticsearch.indices.put_settings(index=NAME, settings={"index.mapping.total_fields.limit": 1})
    with pytest.raises(Permanent, match=rf"fields_refused: {NAME}: Limit of total fields \[1\] has been exceeded"):
        setup.add_fields(elasticsearch)
    assert earlier() == before
