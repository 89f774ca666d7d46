"""`warraq ledger split` by two people at once, and cut short. On the real server: tests/contract/test_split.py."""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Self, cast

import pytest
from elasticsearch import Elasticsearch, NotFoundError

from ingest.document import LEDGER
from tests.fake_elastic import meta_of
from workers.store.indices import INDICES
from workers.store.split import Split
from workers.store.versions import ReindexError

NAME = "news-ledger"
NONE: Mapping[str, Any] = {}


@dataclass
class Index:
    shards: int
    records: set[str]
    aliases: set[str] = field(default_factory=set)
    blocked: bool = False


@dataclass
class Cluster:
    """Indices with aliases and blocks. `meanwhile` happens while a split is under way."""

    made: dict[str, Index] = field(default_factory=lambda: {NAME: Index(1, {"a", "b"})})
    meanwhile: list[Callable[[], object]] = field(default_factory=list)

    @property
    def indices(self) -> Self:
        return self

    @property
    def cluster(self) -> Self:
        return self

    def options(self, **_: object) -> Self:
        return self

    def health(self, **_: object) -> None: ...

    def refresh(self, **_: object) -> None: ...

    def exists(self, index: str) -> bool:
        return index in self.made

    def get_alias(self, index: str) -> dict[str, Any]:
        return {self._real(index): {"aliases": {key: {} for key in self.made[self._real(index)].aliases}}}

    def get_settings(self, index: str) -> dict[str, Any]:
        return {self._real(index): {"settings": {"index": {"number_of_shards": self.made[self._real(index)].shards}}}}

    def put_settings(self, index: str, settings: Mapping[str, Any]) -> None:
        if index in self.made:
            self.made[index].blocked = settings["index.blocks.write"] is not None

    def add_block(self, index: str, block: str) -> None:
        self.made[self._real(index)].blocked = block == "write"

    def count(self, index: str) -> dict[str, int]:
        return {"count": len(self.made[self._real(index)].records)}

    def delete(self, index: str) -> None:
        del self.made[self._real(index)]

    def split(
        self, index: str, target: str, settings: Mapping[str, Any], aliases: Mapping[str, Any] = NONE, **_: str
    ) -> None:
        shards = settings["index.number_of_shards"]
        self.made[target] = Index(shards, set(self.made[index].records), set(aliases))
        for happens in [self.meanwhile.pop() for _ in self.meanwhile]:
            happens()

    def update_aliases(self, actions: Sequence[Mapping[str, Mapping[str, Any]]]) -> None:
        before = deepcopy(self.made)
        try:
            for action in actions:
                ((what, one),) = action.items()
                self._act(what, one)
        except KeyError as error:
            self.made = before
            raise NotFoundError("aliases_not_found_exception", meta_of(404), {}) from error

    def _act(self, what: str, one: Mapping[str, Any]) -> None:
        if what == "remove_index":
            del self.made[one["index"]]
        elif what == "remove":
            self.made[one["index"]].aliases.remove(one["alias"])
        else:
            self.made[one["index"]].aliases.add(one["alias"])

    def _real(self, name: str) -> str:
        found = [index for index, one in self.made.items() if name in {index, *one.aliases}]
        if not found:
            raise NotFoundError("index_not_found_exception", meta_of(404), {})
        return found[0]


def test_the_mark_of_a_run_is_a_name_that_its_key_may_give() -> None:
    (kind,) = (one for one in INDICES if one.name == LEDGER)
    assert any(fnmatchcase(Split(cast("Elasticsearch", Cluster()))._mark, name) for name in kind.names)


def split(cluster: Cluster) -> Split:
    return Split(cast("Elasticsearch", cluster), NAME)


def test_a_split_leaves_one_ledger_under_its_name() -> None:
    cluster = Cluster()
    split(cluster).split(2)
    split(cluster).split(4)
    (index,) = cluster.made.values()
    assert (index.shards, index.records, index.aliases, index.blocked) == (4, {"a", "b"}, {NAME}, False)


def test_of_two_at_once_the_second_ends_and_the_first_leaves_its_ledger_alone() -> None:
    cluster = Cluster()
    cluster.meanwhile.append(lambda: split(cluster).split(2))
    with pytest.raises((ReindexError, NotFoundError)):
        split(cluster).split(2)
    (index,) = cluster.made.values()
    assert (index.shards, index.records, index.aliases, index.blocked) == (2, {"a", "b"}, {NAME}, False)


def test_one_that_is_cut_short_leaves_everything_as_it_was() -> None:
    cluster = Cluster()

    def die() -> None:
        raise KeyboardInterrupt

    cluster.meanwhile.append(die)
    with pytest.raises(KeyboardInterrupt):
        split(cluster).split(2)
    assert cluster.made == {NAME: Index(1, {"a", "b"})}


def test_what_a_killed_run_has_left_goes_with_the_next() -> None:
    cluster = Cluster()
    cluster.made["news-v2-ledger"] = Index(2, {"a"}, {"news-v0-0-ledger"})
    cluster.made[NAME].blocked = True
    split(cluster).split(2)
    (index,) = cluster.made.values()
    assert (index.records, index.aliases) == ({"a", "b"}, {NAME})
