"""The workers' log: a JSON line for what a person must know, ours and that of the libraries alike.

Articles end by the hundred a second and have no line each: the ledger tells of them, and Flower. No line holds the
query of an address, where tokens stand, or a password.
"""

import logging
import re
from collections.abc import MutableMapping
from typing import Any, Final

import structlog

CHATTY: Final = ("celery.worker.strategy", "celery.app.trace", "celery.beat", "trafilatura")
"""Loggers with a line for each task."""
NAGGING: Final = ("elastic_transport",)
"""Loggers that warn, with tracebacks, of each try of a request; the caller logs how it ended."""
QUERY: Final = re.compile(r"(?<=\w)(://[^\s?'\"<>]*)\?[^\s'\"<>]*")
PASSWORD: Final = re.compile(r"(?<=\w)://[^\s/@'\"]+:[^\s/@'\"]+@")

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
        if isinstance(value, str) and "://" in value:
            event[name] = PASSWORD.sub("://***@", QUERY.sub(r"\1?…", value))
    return event
