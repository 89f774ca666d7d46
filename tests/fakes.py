"""Fakes that work, in memory: what stands in for Elasticsearch and the web in unit tests.

The contract tests run the same cases on these and on the real thing. Redis is faked by fakeredis (`fake_redis.py`,
with its Lua), the page store by fsspec's memory file system.
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from elasticsearch import Elasticsearch

from ingest.document import (
    ARTICLE,
    ARTICLES,
    FINGERPRINT,
    FINGERPRINTS,
    LEDGER,
    RECORD,
    REVISION,
    REVISIONS,
    STORIES,
    STORY,
    TOMBSTONE,
    TOMBSTONES,
    document,
)
from ingest.errors import Permanent, WarraqError
from ingest.forget import Tombstone, sites_of
from ingest.ledger.record import Record, State
from ingest.ledger.tally import Tally
from ingest.model import Article, Page, Source
from ingest.polling.poll import Poll
from ingest.query import Search, body
from ingest.revisions.revision import Revision
from ingest.stories.fingerprint import SHARED, Fingerprint
from ingest.stories.relation import APART
from ingest.stories.story import Story
from tests.fake_elastic import FakeElastic, Stored
from tests.fake_queries import matches
from tests.fake_redis import MemoryRedis
from workers.celery_ext.publisher import Publisher
from workers.frontier.aof import Aof
from workers.frontier.bounds import Budget
from workers.frontier.clock_watch import ClockWatch
from workers.frontier.gauge import Gauge
from workers.frontier.lanes import Lanes
from workers.frontier.leases import Leases
from workers.frontier.locks import Locks
from workers.frontier.looks import Looks
from workers.frontier.mailbox import Mailbox
from workers.frontier.schedule import Schedule
from workers.frontier.turns import Turns
from workers.frontier.ungrouped import Ungrouped
from workers.runtime import Runtime, site_files
from workers.settings import Settings
from workers.steps import fetch as fetching
from workers.steps import index, tick
from workers.steps.dispatch import Dispatch
from workers.steps.forget import Operator
from workers.store.articles import Index
from workers.store.candidates import MOST
from workers.store.checkpoint import Reached
from workers.store.documents import Documents, Place
from workers.store.eraser import Deletion, Eraser
from workers.store.expiry import DATED, Expiry, Month, limit
from workers.store.fingerprints import Fingerprints
from workers.store.index_set import IndexSet
from workers.store.ledger import PACE_MIN, End, Ledger, Pace
from workers.store.page_files import PageFiles
from workers.store.pages import Pages
from workers.store.records import readable
from workers.store.repeated_lines import BYTES, RepeatedLines
from workers.store.revisions import Revisions
from workers.store.selection import Which
from workers.store.sources import Voice, voice_of
from workers.store.stories import Stories
from workers.store.stream import Stream
from workers.store.tombstones import Tombstones
from workers.store.vault import Vault
from workers.web.http import NO_HEADERS, Follow, anywhere
from workers.web.robots import Robots
from workers.web.tdm import Tdm

T = TypeVar("T")
SETTINGS = Settings()
"""Read once: most worlds differ in nothing."""


class FakeLedger(Ledger):
    """The ledger on a FakeElastic; what it searches for is found at once."""

    def __init__(self, elastic: FakeElastic | None = None) -> None:
        self.elastic = elastic or FakeElastic()
        super().__init__(cast("Elasticsearch", self.elastic), LEDGER)

    @property
    def records(self) -> dict[str, Record]:
        """What it holds, by id."""
        hits = ({"_id": key, "_source": source} for key, (_, source) in self.elastic.indexed(LEDGER).items())
        return {record.id: record for record in readable(hits)}

    def pending(self, until: datetime, since: datetime | None = None) -> Iterator[list[Record]]:
        found = [r for r in self.records.values() if r.pending and r.due_at <= until]
        found = [r for r in found if since is None or r.due_at >= since]
        if found:
            yield sorted(found, key=lambda record: record.due_at)

    def due_looks(self, until: datetime, hosts: int, each: int, without: Sequence[str] = ()) -> list[Record]:
        due = [r for r in self.records.values() if r.state is State.INDEXED and _look(r) <= until]
        by_host: dict[str, list[Record]] = {}
        for record in sorted((one for one in due if one.lane not in without), key=_look):
            by_host.setdefault(record.lane, []).append(record)
        return [record for lane in list(by_host)[:hosts] for record in by_host[lane][:each]]

    def page(
        self, which: Which, *, after: Record | None = None, size: int = 1000, newest: bool = False
    ) -> list[Record]:
        found = sorted(self._matching(which.query()), key=_by_end, reverse=newest)
        if after is not None:
            found = [r for r in found if (_by_end(r) < _by_end(after) if newest else _by_end(r) > _by_end(after))]
        return found[:size]

    def ends(self, ids: Sequence[str]) -> dict[str, End]:
        return {key: End(one.state, one.reason, one.source_id) for key, one in self.get_many(ids).items()}

    def starting_with(self, digits: str) -> Record | None:
        found = [record for key, record in self.records.items() if key.startswith(digits)]
        return found[0] if len(found) == 1 else None

    def counts(self, query: Mapping[str, Any] | None = None) -> dict[tuple[str, str], int]:
        counted = self.grouped(query or {"match_all": {}}, "state", "reason")
        return {(state, reason): count for (state, reason), count in counted.items()}

    def grouped(self, query: Mapping[str, Any], *fields: str) -> dict[tuple[str, ...], int]:
        return dict(Counter(tuple(str(getattr(r, name)) for name in fields) for r in self._matching(query)))

    def pace(self, _: datetime) -> Pace:
        waiting = [record.asked_at for record in self.records.values() if record.pending]
        return Pace(dict.fromkeys(PACE_MIN, 0.0), min(waiting, default=None))

    def after(self, cursor: str, size: int, *, pending: bool) -> tuple[list[Record], str]:
        found = [record for _, record in sorted(self.records.items()) if record.pending == pending]
        page = [record for record in found if record.id > cursor][:size]
        return page, page[-1].id if len(page) == size else ""

    def refresh(self) -> None:
        """Writes are visible at once."""

    def _pages(self, query: Mapping[str, Any], sort: Sequence[str]) -> Iterator[list[Record]]:
        if found := sorted(self._matching(query), key=lambda record: [getattr(record, name) for name in sort]):
            yield found

    def _matching(self, query: Mapping[str, Any]) -> list[Record]:
        return [record for record in self.records.values() if matches(record, query)]


def _look(record: Record) -> datetime:
    return (record.revisit and record.revisit.due_at) or datetime.max.replace(tzinfo=UTC)


def _by_end(record: Record) -> tuple[datetime, str]:
    return record.ended_at or record.admitted_at, record.id


class FakeIndex(Index):
    """Documents on a FakeElastic."""

    def __init__(self, elastic: FakeElastic) -> None:
        self.elastic = elastic
        super().__init__(cast("Elasticsearch", elastic), LEDGER)

    @property
    def articles(self) -> dict[str, Article]:
        """What it holds, by id."""
        months = [name for name in self.elastic.names if name.startswith(ARTICLES)]
        found = {key: source for name in months for key, (_, source) in self.elastic.indexed(name).items()}
        return {key: ARTICLE.validate_python({"title": "", "body": ""} | source) for key, source in found.items()}

    def search(self, search: Search, size: int) -> list[dict[str, Any]]:
        """Find the articles that have all the words as they are written, in any of their fields."""
        body(search)  # what it refuses is refused
        found = [
            one for one in self.articles.values() if all(w in f"{one.title} {one.body}" for w in search.text.split())
        ]
        return [{"_id": one.id, "_score": 1.0, "_source": document(one)} for one in found[:size]]

    def after(self, cursor: str, size: int) -> tuple[list[Place], str]:
        months = [name for name in self.elastic.names if name.startswith(ARTICLES)]
        found = sorted((key, name) for name in months for key in self.elastic.indexed(name) if key > cursor)[:size]
        return [Place(name, key) for key, name in found], found[-1][0] if len(found) == size else ""

    def free_bytes(self) -> int:
        return 10 * 2**30

    def of_site(self, site: str) -> Iterator[list[str]]:
        if found := [key for key, one in self.articles.items() if site in sites_of(one.url)]:
            yield found

    def places(self, ids: Sequence[str]) -> list[tuple[str, str]]:
        months = [name for name in self.elastic.names if name.startswith(ARTICLES)]
        return [(name, key) for name in months for key in self.elastic.indexed(name) if key in ids]

    def admitted_since(self, at: datetime) -> Iterator[list[tuple[str, str]]]:
        months = [name for name in self.elastic.names if name.startswith(ARTICLES)]
        found = [(name, key) for name in months for key in self.elastic.indexed(name)]
        yield [pair for pair in found if (one := self.articles[pair[1]].admitted_at) and one >= at]

    def documents_by_source(self, query: Mapping[str, Any]) -> dict[str, int]:
        return dict(Counter(one.source_id for one in self.articles.values() if matches(one, query)))

    def refresh(self) -> None:
        """Writes are visible at once."""


class FakeRevisions(Revisions):
    """Versions on a FakeElastic."""

    def __init__(self, elastic: FakeElastic) -> None:
        self.elastic = elastic
        super().__init__(cast("Elasticsearch", elastic))

    def of(self, article_id: str, *, fresh: bool = True) -> list[Revision]:  # noqa: ARG002  # all is fresh here
        return sorted((one for one in self._all() if one.article_id == article_id), key=lambda one: one.number)

    def ids_of(self, articles: Sequence[str]) -> list[tuple[str, str]]:
        return [(one.article_id, one.id) for one in self._all() if one.article_id in articles]

    def of_site(self, site: str) -> Iterator[list[str]]:
        if found := sorted({one.article_id for one in self._all() if site in sites_of(one.url)}):
            yield found

    def since(self, at: datetime, kinds: Sequence[str] = (), sources: Sequence[str] = ()) -> Iterator[Revision]:
        for one in sorted(self._all(), key=lambda one: (one.seen_at, one.id)):
            wanted = not kinds or set(kinds) & set(one.kinds)
            if one.number and one.seen_at >= at and wanted and _of({one.source_id, one.host}, sources):
                yield one

    def refresh(self) -> None:
        """Writes are visible at once."""

    def _all(self) -> list[Revision]:
        return [REVISION.validate_python(source) for _, source in self.elastic.indexed(REVISIONS).values()]


def _of(named: set[str], sources: Sequence[str]) -> bool:
    return not sources or not named.isdisjoint(sources)


class FakeSources:
    """Sources and polls by id."""

    def __init__(self) -> None:
        self.sources: dict[str, Source] = {}
        self.polls: dict[str, Poll] = {}

    def put(self, source: Source) -> None:
        self.sources[source.id] = source

    def get(self, source_id: str) -> Source | None:
        return self.sources.get(source_id)

    def polled(self, source_id: str) -> tuple[Source, Poll] | None:
        source = self.sources.get(source_id)
        return (source, self.poll_of(source_id)) if source else None

    def voices(self, source_ids: Collection[str]) -> dict[str, Voice]:
        return {key: voice_of(self.sources.get(key), self.poll_of(key)) for key in source_ids}

    def poll_of(self, source_id: str) -> Poll:
        return self.polls.get(source_id, Poll())

    def all(self) -> list[tuple[Source, Poll]]:
        return [(source, self.poll_of(source.id)) for source in self.sources.values()]

    def quiet(self) -> list[tuple[Source, Poll]]:
        silent = [(poll.quiet_since, source, poll) for source, poll in self.all() if poll.quiet_since and poll.due_at]
        return [(source, poll) for _, source, poll in sorted(silent, key=lambda one: one[0])]

    def note(self, source_id: str, poll: Poll) -> bool:
        if source_id in self.sources:
            self.polls[source_id] = poll
        return source_id in self.sources

    def end_round(self, source_id: str) -> bool:
        return self.note(source_id, replace(self.poll_of(source_id), further=()))

    def locate(self, source: Source) -> bool:
        return self._change(source.id, url=source.url, kind=source.kind, home=source.home)

    def pause(self, source_id: str, *, paused: bool) -> bool:
        return self._change(source_id, paused=paused)

    def _change(self, source_id: str, **fields: Any) -> bool:
        if known := self.sources.get(source_id):
            self.sources[source_id] = replace(known, **fields)
        return known is not None

    def remove(self, source_id: str) -> bool:
        self.polls.pop(source_id, None)
        return self.sources.pop(source_id, None) is not None


class FakeFingerprints(Fingerprints):
    """Fingerprints on a FakeElastic; searches show what was there at the last refresh."""

    def __init__(self, elastic: FakeElastic) -> None:
        self.elastic = elastic
        self.shown: dict[str, Stored] = {}
        super().__init__(cast("Elasticsearch", elastic))

    def alike(
        self, fresh: Sequence[Fingerprint], alive: Callable[[], None] = lambda: None
    ) -> Iterator[tuple[Fingerprint, list[Fingerprint]]]:
        known = [FINGERPRINT.validate_python(source) for _, (_, source) in sorted(self.shown.items())]
        for one in fresh:
            alive()
            yield one, [other for other in known if _shares(one, other)][:MOST]

    def crowd(self, fresh: Sequence[Fingerprint], most: int) -> frozenset[str]:
        known = [FINGERPRINT.validate_python(source) for _, source in self.shown.values()]
        return frozenset(one.id for one in fresh if sum(_shares(one, other) for other in known) >= most)

    def refresh(self) -> None:
        self.shown = dict(self.elastic.indexed(FINGERPRINTS))


def _shares(one: Fingerprint, other: Fingerprint) -> bool:
    shared = len(set(one.asked()) & set(other.shingles))
    return other.id != one.id and shared >= SHARED and abs(one.at - other.at) <= APART


class FakeStories(Stories):
    """Stories on a FakeElastic."""

    def __init__(self, elastic: FakeElastic) -> None:
        self.elastic = elastic
        super().__init__(cast("Elasticsearch", elastic))

    @property
    def all(self) -> list[Story]:
        """What it holds, by id."""
        return [STORY.validate_python(source) for _, (_, source) in sorted(self.elastic.indexed(STORIES).items())]

    def with_members(self, articles: Sequence[str]) -> list[Story]:
        return [story for story in self.all if set(articles) & set(story.members)]

    def of_day(self, day: str, size: int, zone: str = "UTC") -> list[Story]:
        found = [story for story in self.all if f"{story.first_at.astimezone(ZoneInfo(zone)):%Y-%m-%d}" == day]
        return sorted(found, key=lambda one: (-one.publishers, -one.articles, one.first_at, one.id))[:size]

    def refresh(self) -> None:
        """Writes are visible at once."""


class FakeExpiry(Expiry):
    """What is old in a FakeElastic; a document is as large as its JSON."""

    def __init__(self, elastic: FakeElastic) -> None:
        self.elastic = elastic
        super().__init__(cast("Elasticsearch", elastic))

    def older(self, index: str, before: datetime) -> tuple[int, int]:
        return _weighed([self.elastic.indexed(index)[key][1] for key in self._old(index, before)])

    def remove(self, index: str, before: datetime, most: int) -> int:
        gone = self._old(index, before)[:most]
        for key in gone:
            self.elastic.delete(index, key)
        return len(gone)

    def months(self) -> list[Month]:
        names = sorted(name for name in self.elastic.names if name.startswith(ARTICLES))
        found = [(name, [one for _, one in self.elastic.indexed(name).values()]) for name in names]
        return [Month(name.removeprefix(ARTICLES), name, *_weighed(all_)) for name, all_ in found]

    def drop(self, month: Month) -> None:
        self.elastic.names.pop(month.index, None)

    def records(self, which: Which) -> tuple[int, int]:
        kept = [one for _, one in self.elastic.indexed(LEDGER).values()]
        return _weighed([one for one in kept if matches(RECORD.validate_python(one), which.query())])

    def _old(self, index: str, before: datetime) -> list[str]:
        field, end = DATED[index], limit(index, before)
        return [key for key, (_, one) in self.elastic.indexed(index).items() if one[field].replace("Z", "+00:00") < end]


def _weighed(documents: Sequence[Mapping[str, Any]]) -> tuple[int, int]:
    return len(documents), sum(len(json.dumps(one)) for one in documents)


class FakeTombstones(Tombstones):
    """Tombstones on a FakeElastic."""

    def __init__(self, elastic: FakeElastic) -> None:
        self.elastic = elastic
        super().__init__(cast("Elasticsearch", elastic))

    def _found(self, query: Mapping[str, Any] | None) -> list[Tombstone]:
        found = [TOMBSTONE.validate_python(source) for _, source in self.elastic.indexed(TOMBSTONES).values()]
        mine = [one for one in found if query is None or matches(one, query)]
        return sorted(mine, key=lambda one: (one.at, one.id))

    def hosts(self) -> frozenset[str]:
        return frozenset(one.host for one in self.all() if one.kind == "host")

    def refresh(self) -> None:
        """Writes are visible at once."""


class FakeEraser(Eraser):
    """Deletes from a FakeElastic, which has no disk."""

    def __init__(self, elastic: FakeElastic) -> None:
        self.elastic = elastic
        self.erased: list[str] = []
        super().__init__(cast("Elasticsearch", elastic))

    def delete(self, deletions: Sequence[Deletion]) -> None:
        for one in deletions:
            self.elastic.names.get(one.index, {}).pop(one.id, None)

    def from_disk(self, indices: Sequence[str]) -> None:
        self.erased += indices


class FakeTallies:
    """Tallies by source and day."""

    def __init__(self) -> None:
        self.tallies: dict[tuple[str, str], Tally] = {}

    def add(self, tally: Tally) -> None:
        key = tally.source_id, tally.day
        self.tallies[key] = self.tallies[key] + tally if key in self.tallies else tally

    def of_day(self, day: str) -> Iterator[Tally]:
        return (tally for (_, of), tally in sorted(self.tallies.items()) if of == day)

    def refresh(self) -> None:
        """Writes are visible at once."""


@dataclass
class FakeWeb:
    """Pages and errors by URL; counts what was asked. A page with the validator that a request names is a 304."""

    answers: dict[str, Page | WarraqError] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def get(self, url: str, headers: Mapping[str, str] = NO_HEADERS, follow: Follow = anywhere) -> Page:
        self.asked.append(url)
        answer = self.answers.get(url, Permanent("http_404", url))
        if isinstance(answer, WarraqError):
            raise answer
        if answer.url != url:
            follow(url, answer.url, bool(answer.moved_to))
        pairs = (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified"))
        if any(name in headers and headers[name] == answer.header(validator) for name, validator in pairs):
            return replace(answer, status=304, body=b"")
        return answer


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.at

    def forward(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class FakeSandbox:
    """Calls at once, in this process."""

    def call(self, function: Callable[..., T], *args: object) -> T:
        return function(*args)


@dataclass
class World:
    """A runtime made of fakes, and the fakes."""

    rt: Runtime
    redis: MemoryRedis
    web: FakeWeb
    elastic: FakeElastic
    ledger: FakeLedger
    index: FakeIndex
    sources: FakeSources
    tallies: FakeTallies
    clock: Clock

    def run(self) -> None:
        """Do what the workers would do, one task after the other, until nothing is left that is due."""
        while self._tick() or self.flush():
            pass

    def flush(self) -> int:
        """Write what waits for Elasticsearch; return how many outcomes it took."""
        done = 0
        while now := index.flush(self.rt, block_ms=1, linger_s=0):
            done += now
        return done

    def _tick(self) -> int:
        """Do one tick, and all that it hands out; return how many tasks that were."""
        from workers.steps.process import process_page  # noqa: PLC0415  # extraction and all that it needs

        due: list[tuple[Callable[[str], object], str]] = []
        dispatch = Dispatch(
            lambda source_id: due.append((lambda key: polled(self, key), source_id)),
            lambda ids, _=None: due.extend((self._fetch_and_process, key) for key in ids),
            lambda ids, _=None: due.extend((lambda key: process_page(self.rt, key), key) for key in ids),
            lambda: None,
            lambda: None,
        )
        tick.tick(self.rt, dispatch)
        for task, key in due:
            task(key)
        return len(due)

    def _fetch_and_process(self, key: str) -> None:
        from workers.steps.process import process_page  # noqa: PLC0415  # as above

        if fetched(self, key):
            process_page(self.rt, key)


def world(name: str, politeness_s: float = 0.0) -> World:
    """Return a new world; `name` keeps its page store apart from others."""
    redis, elastic, clock = MemoryRedis(), FakeElastic(), Clock()
    ledger, index = FakeLedger(elastic), FakeIndex(elastic)
    web, sources, tallies = FakeWeb(), FakeSources(), FakeTallies()
    files = site_files(redis)
    busy_s = 90.0 if politeness_s else 0.0
    rt = Runtime(
        settings=SETTINGS.model_copy(update={"politeness_s": politeness_s}),
        web=web,
        robots=Robots(redis, files),
        tdm=Tdm(redis, files),
        lanes=Lanes(redis, busy_s=busy_s, lease_s=90, host_budget=10_000),
        leases=Leases(redis, lease_s=90),
        schedule=Schedule(redis, lease_s=130),
        gauge=Gauge(redis),
        clock_watch=ClockWatch(redis),
        locks=Locks(redis),
        turns=Turns(redis, busy_s=busy_s, host_budget=10_000),
        looks=Looks(redis, politeness_s=politeness_s, host_budget=10_000),
        ledger=ledger,
        sources=sources,  # type: ignore[arg-type]  # the fake is held equal by the contract tests
        pages=Pages(f"memory://{name}"),
        page_files=PageFiles(f"memory://{name}"),
        stream=Stream(redis, "tests"),
        index=index,
        memory=RepeatedLines(redis, Budget(redis, "lines", BYTES).charge),
        revisions=FakeRevisions(elastic),
        tallies=tallies,  # type: ignore[arg-type]  # as above
        tombstones=FakeTombstones(elastic),
        ungrouped=Ungrouped(redis),
        reached=Reached.of(redis),
        expiry=FakeExpiry(elastic),
        documents=Documents(cast("Elasticsearch", elastic)),
        fingerprints=FakeFingerprints(elastic),
        stories=FakeStories(elastic),
        post=Publisher(redis),
        mailbox=Mailbox(redis),
        sandbox=FakeSandbox(),
        now=clock,
    )
    return World(rt, redis, web, elastic, ledger, index, sources, tallies, clock)


class FakeAof(Aof):
    """Redis without a file."""

    def rewrite(self) -> None:
        """There is nothing to do."""


class FakeIndexSet(IndexSet):
    """The indices of a FakeElastic, and what a reindex is building."""

    def __init__(self, elastic: FakeElastic) -> None:
        super().__init__(cast("Elasticsearch", elastic))
        self.names = elastic.names
        self.building: list[str] = []

    def articles(self) -> int:
        return sum(len(kept) for name, kept in self.names.items() if name == LEDGER or name.startswith(ARTICLES))

    def clear(self) -> None:
        self.names.clear()

    def complete(self) -> None:
        """Nothing is missing."""

    def half_built(self) -> list[str]:
        return self.building


def operator(made: World, eraser: type[FakeEraser] = FakeEraser, vaults: tuple[Vault, ...] = ()) -> Operator:
    """Return the operator of a world."""
    return Operator(made.rt, eraser(made.elastic), FakeAof(made.redis), FakeIndexSet(made.elastic), vaults)


def fetched(made: World, key: str) -> bool:
    """Do the fetch step; tell whether it has called the next one."""
    called: list[str] = []
    fetching.fetch(made.rt, key, lambda article_ids, _=None: called.extend(article_ids))
    return called == [key]


def lease_over(leases: Leases, *ids: str) -> None:
    """Let the time of articles that are waiting or under way be over, as after a worker's death."""
    if ids:
        leases._redis.zadd("warraq:work", dict.fromkeys(ids, 0))


def ticket(leases: Leases, article_id: str) -> Record | None:
    """Return the record as it was when the article was last pushed or moved on, or None."""
    text = cast("bytes | None", leases._redis.hget("warraq:tickets", article_id))
    return RECORD.validate_json(text) if text else None


def polled(made: World, source_id: str) -> None:
    """Poll a source now."""
    from workers.steps import poll  # noqa: PLC0415  # feeds and all that they need

    made.rt.schedule.set(source_id, datetime(2000, 1, 1, tzinfo=UTC))  # due by the clock of any Redis
    poll.poll(made.rt, source_id)
