"""`warraq reindex` on the real server: whatever was overlooked, deleted or killed, both indices hold the same."""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from elastic_transport import Transport
from elasticsearch import Elasticsearch

from tests.contract.months import NAME, PLAIN, REBUILT, create, held, month, put, rebuild, remove
from workers.store import reindex
from workers.store import versions as compared
from workers.store.reindex import Reindex
from workers.store.versions import ReindexError

pytestmark = pytest.mark.stack


@pytest.fixture
def few(elasticsearch: Elasticsearch, monkeypatch: pytest.MonkeyPatch) -> Iterator[Elasticsearch]:
    """Hand over the server with thirty plain documents, which are compared in 16 ranges."""
    monkeypatch.setattr(reindex, "ARTICLE_KIND", PLAIN)
    monkeypatch.setattr(compared, "RANGE", 4)
    create(elasticsearch, settings=PLAIN.settings(), mappings=PLAIN.mapping)
    for number in range(30):
        put(elasticsearch, NAME, f"{number:032x}", 1 + number % 3)
    yield elasticsearch
    remove(elasticsearch)


def test_each_shard_is_copied_from_where_it_was(few: Elasticsearch) -> None:
    """Shards count their writes apart: a busy one must not hide what a quiet one has written."""
    shards = {key: few.search_shards(index=NAME, routing=key)["shards"][0][0]["shard"] for key in held(few)}
    busy, quiet = (next(key for key, shard in shards.items() if shard == number) for number in (0, 1))
    for version in range(4, 54):
        put(few, NAME, busy, version)
    work = Reindex(few)
    rebuilt = month(work)
    work.build(rebuilt)
    put(few, NAME, quiet, 9)
    assert work._catch_up(rebuilt) == 1
    assert held(few, rebuilt.new) == held(few)


def test_a_swap_mends_what_is_missing_outdated_or_deleted(few: Elasticsearch, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever catching up has overlooked: here all of it."""
    work = Reindex(few)
    rebuilt = month(work)
    work.build(rebuilt)
    deleted, outdated, *_ = sorted(held(few))
    few.delete(index=NAME, id=deleted)
    put(few, NAME, outdated, 9)
    put(few, NAME, "e" * 32, 1)
    put(few, rebuilt.new, "f" * 32, 1)
    expected = held(few)
    monkeypatch.setattr(work, "_catch_up", lambda _: 0)
    work.swap(rebuilt)
    assert held(few) == expected
    assert (len(expected), expected[outdated]) == (30, 9)


def test_a_swap_that_cannot_be_right_leaves_everything_as_it_was(few: Elasticsearch) -> None:
    work = Reindex(few)
    rebuilt = month(work)
    work.build(rebuilt)
    key, *_ = sorted(before := held(few))
    put(few, rebuilt.new, key, 99)
    with pytest.raises(ReindexError, match=r"still differs .* new=99"):
        work.swap(rebuilt)
    assert held(few) == before
    put(few, NAME, key, 100)
    rebuild(few)  # a second try, on what the first one left
    assert held(few) == before | {key: 100}


def test_a_document_that_cannot_be_compared_stops_the_swap(few: Elasticsearch) -> None:
    few.index(index=NAME, id="0" * 31 + "x", document={})
    with pytest.raises(ReindexError, match="holds 31 documents, and 30 of them carry an id"):
        rebuild(few)
    few.index(index=NAME, id="0" * 31 + "x", document={"id": "other"})
    with pytest.raises(ReindexError, match="says that its id is other"):
        rebuild(few)


def test_two_runs_at_once_do_not_delete_each_others_work(few: Elasticsearch) -> None:
    before = held(few)
    first, second = Reindex(few), Reindex(few)
    ours, theirs = month(first), month(second)
    first.build(ours)
    second.build(theirs)
    with pytest.raises(ReindexError, match="another run"):
        first.swap(ours)
    put(few, NAME, min(before), 7)
    second.swap(theirs)
    for late in (first.build, first.drop):
        with pytest.raises(ReindexError, match="has swapped it in"):
            late(ours)
    assert held(few) == before | {min(before): 7}


LOOKS: Final = ("_search", "_count", "_refresh")


class Killed(BaseException):
    pass


class Mortal(Transport):
    """Changes something so many times, then its process is dead: what would clean up asks in vain too."""

    left = 0

    def perform_request(self, method: str, target: str, **options: Any) -> Any:
        changes = method in {"PUT", "POST", "DELETE"} and not target.partition("?")[0].endswith(LOOKS)
        type(self).left -= changes
        if self.left < 0:
            raise Killed
        return super().perform_request(method, target, **options)


def test_killed_anywhere_and_run_again_it_ends_right(few: Elasticsearch, elasticsearch: Elasticsearch) -> None:
    node = next(iter(elasticsearch.transport.node_pool.all())).base_url
    authorization = elasticsearch._headers["authorization"]
    mortal = Elasticsearch(node, transport_class=Mortal, headers={"authorization": authorization})
    expected = held(few)
    for changes in range(100):
        Mortal.left = changes
        try:
            rebuild(mortal)
        except Killed:
            assert held(few) == expected, "readers have one generation or the other"
        else:
            break
        if changes % 3:  # else one killed run comes after the other
            rebuild(few)
            key = f"{changes:032x}"
            put(few, NAME, key, 1000)
            expected |= {key: 1000}
    assert 5 < changes < 99, "it was killed before each of them"
    assert held(few) == expected
    assert list(few.indices.get(index=REBUILT)) == list(few.indices.get_alias(name=NAME))
    mortal.close()
