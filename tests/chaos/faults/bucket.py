"""A page store on an object store that fails; a clock that is wrong."""

import logging
import time
from collections.abc import Mapping
from functools import cache
from typing import Final

from tests.chaos.faults.pages import says_page_store
from tests.chaos.gate import Gate
from tests.chaos.harness import Scene
from tests.chaos.rig import SITE
from tests.chaos.waiting import wait_for

BUCKET: Final = "pages"
ACCESS: Final = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_MAX_ATTEMPTS": "2"}
CLOCKS: Final = (("poll", 600), ("process", -600), ("control", 600), ("fetch", -600), ("beat", 600), ("index", 600))


def settings(number: int) -> Mapping[str, str]:
    """Lead all workers to the object store, and set the clock of one 10 minutes off, another one's in each run."""
    name, seconds = CLOCKS[number % len(CLOCKS)]
    skewed = {"poll.WARRAQ_CHAOS_SKEW_S": "0", f"{name}.PYTHONPATH": str(SITE)}
    skewed[f"{name}.WARRAQ_CHAOS_SKEW_S"] = str(seconds)
    address = f"http://127.0.0.1:{_store().port}"
    return {**skewed, **ACCESS, "AWS_ENDPOINT_URL": address, "WARRAQ_PAGES_URL": f"s3://{BUCKET}/chaos"}


def fail(scene: Scene) -> None:
    """Have the object store answer 500 and 503, then nothing at all; it comes back."""
    store = _store()
    there = store.upstream
    for status, upstream in ((500, there), (503, there), (0, 0)):
        store.status, store.upstream = status, upstream
        time.sleep(scene.size.stopped_s / 2)
    if not wait_for(lambda: says_page_store(scene)):
        scene.problems.append("no record says that the page store is away")
    store.upstream = there


@cache
def _store() -> Gate:
    """Start an object store, and a gate before it; both end with this process."""
    from moto.server import ThreadedMotoServer  # noqa: PLC0415  # seconds of imports, and only the long form needs them
    from s3fs import S3FileSystem  # type: ignore[import-untyped]  # noqa: PLC0415  # as above; it has no stubs

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    access = {"key": "a", "secret": "b", "client_kwargs": {"endpoint_url": f"http://127.0.0.1:{port}"}}
    S3FileSystem(**access).makedirs(BUCKET, exist_ok=True)
    gate = Gate().__enter__()
    gate.upstream = port
    return gate
