"""Takedown on the real stack: no byte of the article is left in any store, and nothing brings it back."""

import json
import random
import time

import pytest
from elasticsearch import Elasticsearch

from deploy.local.stack import Stack
from ingest.document import ALIAS, FINGERPRINTS
from ingest.urls import article_id, canonical
from tests.stack.conftest import Command
from tests.stack.held import holding, rare_word
from tests.stack.site import Site, article, feed, until
from tests.stack.test_revisits import _pages as _serving
from tests.unit.ingest.stories.texts import prose

pytestmark = pytest.mark.stack
pages = _serving

NUMBER = time.time_ns()
CHANCE = random.Random(NUMBER)
WORDS = {place: rare_word(CHANCE) for place in ("title", "summary", "body")}
BODY = " ".join(f"{word} في الميناء" for word in prose(NUMBER, 90))


@pytest.fixture
def site(pages: Site) -> Site:
    address, served = pages
    home = address.replace("127.0.0.1", f"n{NUMBER}.localhost")  # no other test's, whatever port that gets
    served["/one"] = article(f"{WORDS['title']} في الميناء", f"قال {WORDS['body']} اليوم. {BODY}")
    served["/two"] = article("السفينة في الميناء", f"قال آخرون اليوم. {BODY}")
    served["/three"] = article("القطار في المحطة", " ".join(f"{word} في المحطة" for word in prose(NUMBER + 1, 90)))
    served["/feed"] = feed(home, "one", "two", "three", title=WORDS["title"], summary=WORDS["summary"])
    return home, served


def test_no_byte_of_it_is_left_and_it_does_not_come_back(
    site: Site, stack: Stack, warraq: Command, elasticsearch: Elasticsearch
) -> None:
    home, served = site
    keys = {name: article_id(canonical(f"{home}/{name}")) for name in ("one", "two", "three")}

    def there() -> dict[str, dict[str, str]]:
        elasticsearch.indices.refresh(index=ALIAS)
        hits = elasticsearch.search(index=ALIAS, query={"ids": {"values": list(keys.values())}})["hits"]["hits"]
        return {name: hit["_source"] for hit in hits for name, key in keys.items() if key == hit["_id"]}

    assert warraq("ingest", f"{home}/feed").returncode == 0
    assert there().keys() == keys.keys()
    until(lambda: there()["two"]["story"] == there()["one"]["story"], "the two are no story")
    elasticsearch.indices.flush(index="news-*")
    assert holding(stack.home / "data", WORDS.values()) == {"elasticsearch", "redis", "pages"}, (
        "or the search would prove nothing"
    )

    told = warraq("forget", f"{home}/one", "--dry-run")
    assert WORDS["title"] in told.stdout
    assert there().keys() == keys.keys()
    done = warraq("forget", f"{home}/one", "--why", "its publisher asks for it", "--who", "a test", "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert holding(stack.home / "data", WORDS.values()) == set()
    assert there().keys() == {"two", "three"}
    stones = [json.loads(line) for line in warraq("forgotten", "--json").stdout.splitlines()]
    assert [(one["why"], one["who"]) for one in stones if one["id"] == keys["one"] and one["done_at"]]
    until(lambda: there()["two"]["story"] == keys["two"], "the other one is still in a story with it")
    assert not elasticsearch.exists(index=FINGERPRINTS, id=keys["one"])

    served["/one"] = served["/one/"] = article("عاد في الميناء", f"عاد {BODY}")
    served["/feed"] = feed(home, "one/?utm_source=rss", "two", title=WORDS["title"])
    assert warraq("ingest", f"{home}/feed").returncode == 0
    assert "was forgotten" in warraq("ingest", f"{home}/one").stderr
    assert there().keys() == {"two", "three"}
    checked = json.loads(warraq("check", "--json").stdout)
    assert checked["forgotten"] == []

    host = home.removeprefix("http://")
    done = warraq("forget", "--host", host, "--why", "all of it", "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert there() == {}
    served["/four"] = article("الحافلة في المحطة", f"قال {WORDS['body']} اليوم. {BODY}")
    keys["four"] = article_id(canonical(f"{home}/four"))
    served["/feed"] = feed(home, "four")
    warraq("ingest", f"{home}/feed")
    assert there() == {}
    assert json.loads(warraq("check", "--json").stdout)["forgotten"] == []
