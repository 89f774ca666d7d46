"""Is Elasticsearch set up for this version? In an upgrade its workers may start before `warraq setup` has run."""

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import structlog
from elasticsearch import ApiError, Elasticsearch, TransportError

from workers.store.indices import INDICES

log = structlog.get_logger()

PAUSE_S: Final = 3.0
LOOK_S: Final = 5.0
"""For each kind of index: a look at all takes less than the 30 s after which a process counts as dead."""


def wait_for_setup(
    client: Elasticsearch,
    alive: Callable[[], object] = lambda: None,
    sleep: Callable[[float], object] = time.sleep,
) -> None:
    """Return when every index knows the fields that this version writes; until then say what is missing.

    Strict mappings refuse a document with an unknown field: a worker that did not wait would fail its articles.
    `alive` is called before each look: a health check that restarts those who wait brings `setup` no sooner.
    """
    hasty = client.options(request_timeout=LOOK_S, max_retries=0)
    alive()
    while problem := _problem(hasty):
        log.warning("waiting_for_setup", detail=problem)
        sleep(PAUSE_S)
        alive()


def wait_for_key(file: Path, sleep: Callable[[float], object] = time.sleep) -> None:
    """Return when the file holds a key: on Kubernetes a worker may start before `warraq setup` has made it."""
    while not (file.is_file() and file.stat().st_size):
        log.warning("waiting_for_setup", detail=f"there is no key in {file} yet")
        sleep(PAUSE_S)


def missing(client: Elasticsearch) -> Iterator[str]:
    """Yield the indices that are not there, and the fields that one does not know, as `index: field`."""
    for kind in INDICES:
        found = client.indices.get_mapping(index=kind.pattern, ignore_unavailable=True)
        if not found:
            yield f"no index {kind.pattern}"
        wanted = set(_fields(kind.mapping))
        for name, index in sorted(found.items()):
            yield from (f"{name}: {field}" for field in sorted(wanted - set(_fields(index["mappings"]))))


def _problem(client: Elasticsearch) -> str:
    try:
        lacking = list(missing(client))
    except (ApiError, TransportError) as error:
        return f"Elasticsearch does not say what it knows: {error!r}"
    more = f" and {len(lacking) - 3} more" if len(lacking) > 3 else ""  # noqa: PLR2004  # enough for a line of log
    return f"`warraq setup` of this version has not run: {', '.join(lacking[:3])}{more}" if lacking else ""


def _fields(mapping: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for name, one in mapping.get("properties", {}).items():
        yield prefix + name
        yield from _fields(one, f"{prefix}{name}.")
