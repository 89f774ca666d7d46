"""Items of another version in the index stream, as they are there during an upgrade."""

import json
from itertools import cycle
from typing import Any, Final, cast

from elasticsearch import Elasticsearch
from redis import Redis

from ingest.document import ALIAS, LEDGER
from tests.chaos.harness import Scene
from tests.chaos.waiting import wait_for
from workers.runtime import redis_client
from workers.settings import secret
from workers.store.outcomes import FIELD
from workers.store.stream import GROUP, RESTS
from workers.store.stream_gauge import BYTES, KEY, UNREADABLE

EXCHANGED: Final = 6
REST_S: Final = 60.0
JUNK: Final = b"\x00 no outcome of any version"


def rest(scene: Scene) -> None:
    """Have flushers rest before anything is admitted: one that is at work takes all that comes within its second."""
    with redis_client(scene.rt.settings) as client:
        client.set(RESTS, 1, px=int(REST_S * 1000))


def exchange(scene: Scene) -> None:
    """Give some outcomes that wait fields of a later version, and others a state that only it knows."""
    client = redis_client(scene.rt.settings)
    scene.closing.append(client.close)
    _set_up(scene)
    if not wait_for(lambda: len(_waiting(client)) >= EXCHANGED, REST_S * 0.8, pause_s=0.1):
        scene.problems.append("too few outcomes wait")
    newer, unreadable = _exchanged(client)
    client.delete(RESTS)
    if not wait_for(lambda: unreadable <= _put_aside(client)):
        scene.problems.append(f"{len(unreadable - _put_aside(client))} unreadable items are not kept")
    if not wait_for(lambda: not _without_fields(scene, newer)):  # before anybody wipes what is on its way
        scene.problems.append(f"{_without_fields(scene, newer)} have lost what a later version had written")


def _set_up(scene: Scene) -> None:
    """Add the field of the later version, as its `setup` does before any of its workers begins."""
    password = secret(scene.rig.stack.home / "secrets" / "elasticsearch" / "elastic_password")
    url = f"http://127.0.0.1:{scene.rig.stack.elasticsearch_port}"
    with Elasticsearch(url, basic_auth=("elastic", password)) as client:
        client.indices.put_mapping(index=[LEDGER, ALIAS], properties={"mood": {"type": "keyword"}})


def _exchanged(client: Redis) -> tuple[list[str], set[bytes]]:
    newer: list[str] = []
    unreadable = {JUNK}
    for (name, fields), change in zip(_waiting(client)[:EXCHANGED], cycle((True, False))):
        outcome = json.loads(fields[FIELD])
        if change:
            newer.append(outcome["record"]["id"])
            payload = json.dumps(_with_fields(outcome)).encode()
        else:
            outcome["record"]["state"] = "petrified"
            payload = json.dumps(outcome, ensure_ascii=False).encode()
            unreadable.add(payload)
        _put(client, payload, instead=name, size=len(fields[FIELD]))
    _put(client, JUNK)
    return newer, unreadable


def _with_fields(outcome: dict[str, Any]) -> dict[str, Any]:
    outcome["record"]["mood"] = outcome["mood"] = "merry"
    if outcome["article"]:
        outcome["article"]["mood"] = "merry"
    return outcome


def _put(client: Redis, payload: bytes, instead: bytes = b"", size: int = 0) -> None:
    pipe = client.pipeline(transaction=True)
    pipe.xadd(KEY, {FIELD: payload})
    pipe.incrby(BYTES, len(payload) - size)
    if instead:
        pipe.xdel(KEY, instead)
    pipe.execute()


def _waiting(client: Redis) -> list[Any]:
    """Return the entries that no flusher has been given."""
    (group,) = (one for one in client.xinfo_groups(KEY) if one["name"] == GROUP.encode())
    return cast("list[Any]", client.xrange(KEY, min=b"(" + group["last-delivered-id"]))


def _put_aside(client: Redis) -> set[bytes]:
    entries = cast("list[tuple[bytes, dict[bytes, bytes]]]", client.xrange(UNREADABLE))
    return {fields[FIELD] for _, fields in entries}


def _without_fields(scene: Scene, ids: list[str]) -> list[str]:
    """Return the ids of those that have not got what a later version had written."""
    records = scene.rt.ledger.get_many(ids).values()
    return [record.id for record in records if record.unknown.get("mood") != "merry"]
