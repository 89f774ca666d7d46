"""The workers' log: a JSON line for what a person must know, ours and that of the libraries alike.

Articles end by the hundred a second and have no line each: the ledger tells of them, and Flower. No line holds the
query of an address, where tokens stand, or a password.
"""

import logging
import re
from collections.abc import Mapping, MutableMapping
from typing import Any, Final

import structlog

CHATTY: Final = ("celery.worker.strategy", "celery.app.trace", "celery.beat", "trafilatura")
"""Loggers with a line for each task."""
NAGGING: Final = ("elastic_transport",)
"""Loggers that warn, with tracebacks, of each try of a request; the caller logs how it ended."""
QUERY: Final = re.compile(r"(?<=\w)(://[^\s?'\"<>]{0,4000})\?[^\s'\"<>]*")
PASSWORD: Final = re.compile(r"(?<=\w)://[^\s/'\"<>?#]+@")
"""Names alone too: a token may stand in their place, and Redis' address has no name."""
FEED: Final = re.compile(r"^/feeds/[^/]+")
"""The desk's feeds: their address is their key."""

Event = MutableMapping[str, Any]


def set_up(level: int) -> None:
    """Have everything that is logged from now on written as JSON."""
    mine = [structlog.contextvars.merge_contextvars, structlog.processors.add_log_level]
    shared: list[Any] = [
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.format_exc_info,
        without_secrets,
    ]
    written = structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[*mine, *shared, written],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(),
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *shared, written],
        )
    )
    logging.basicConfig(level=level, handlers=[handler])
    for name in CHATTY:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    for name in NAGGING:
        logging.getLogger(name).setLevel(logging.ERROR)


def without_secrets(_: object, __: str, event: Event) -> Event:
    """Take queries and passwords out of the addresses in an event; structlog calls this for each."""
    for name, value in event.items():
        event[name] = _clean(value)
    return event


def _clean(value: Any) -> Any:  # noqa: ANN401  # whatever is logged
    if isinstance(value, str):
        told = FEED.sub("/feeds/…", value)
        return PASSWORD.sub("://***@", QUERY.sub(r"\1?…", told)) if "://" in told else told
    if isinstance(value, Mapping):
        return {name: _clean(one) for name, one in value.items()}
    return [_clean(one) for one in value] if isinstance(value, list | tuple) else value
