"""Loads libraries without what they would load only because it is installed: 17 MB in each process of the stack.

elastic_transport can ask through aiohttp, httpx and requests, which page stores and development tools bring along; ours
asks through urllib3. Celery, Kombu, Redis' client and structlog colour, trace and pack what none of ours does. They all
take an ImportError for an answer. Who needs one of these afterwards (s3fs: aiohttp) can still load it.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Final

UNUSED: Final = ("aiohttp", "httpx", "msgpack", "opentelemetry", "orjson", "pygments", "requests", "rich", "yaml")

ASYNC: Final = "elasticsearch._async.client"
"""The same client once more for asyncio: 3 MB, and Elasticsearch's library has no way to leave it out."""


@contextmanager
def lean() -> Iterator[None]:
    """Hide these libraries while the context lasts, those that are not loaded yet."""
    hidden = [name for name in (*UNUSED, ASYNC) if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None: Python's own sign for `cannot be imported`
    if ASYNC in hidden:
        sys.modules[ASYNC] = ModuleType(ASYNC)
        sys.modules[ASYNC].AsyncElasticsearch = type("AsyncElasticsearch", (), {})  # type: ignore[attr-defined]  # a stub
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
