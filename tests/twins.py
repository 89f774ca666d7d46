"""Worlds that begin in the state of another: what many tests begin with is made once, and copied."""

from copy import deepcopy

from tests.fake_redis import MemoryRedis
from tests.fakes import World, world


def twin(of: World, name: str) -> World:
    """Return a world of its own in the same state; `name` keeps its page store apart."""
    made = world(name, of.rt.settings.politeness_s)
    _copy_redis(of.redis, made.redis)
    _copy_pages(of, made)
    made.elastic.names.update(deepcopy(of.elastic.names))
    made.web.answers, made.web.asked = dict(of.web.answers), list(of.web.asked)
    made.sources.sources, made.sources.polls = dict(of.sources.sources), dict(of.sources.polls)
    made.tallies.tallies = dict(of.tallies.tallies)
    made.clock.at = of.clock.at
    return made


def _copy_redis(old: MemoryRedis, new: MemoryRedis) -> None:
    before, after = old.kept.dbs[0], new.kept.dbs[0]
    after._dict.update(deepcopy(before._dict))
    after._expiry_heap[:] = before._expiry_heap
    after.time = before.time


def _copy_pages(old: World, new: World) -> None:
    files, here, there = old.rt.pages._fs, old.rt.pages._root, new.rt.pages._root
    for path in files.find(here):
        files.pipe_file(path.replace(here, there, 1), files.cat_file(path))
