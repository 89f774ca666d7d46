"""Waiting for services of our own: what a person has started goes on when they are back."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, ParamSpec, TypeVar

from elastic_transport import TransportError
from elasticsearch import ApiError, AuthenticationException
from redis.exceptions import AuthenticationError, AuthorizationError, RedisError

from ingest.errors import Transient, Unavailable
from workers.runtime import SERVICES

T = TypeVar("T")
P = ParamSpec("P")

AGAIN_S: Final = 1.0
KEY_S: Final = 60.0
"""For a key that is refused: Elasticsearch refuses every key until, at its start, it has found its security index."""
BUSY: Final = 429
SERVER_ERROR: Final = 500


class GaveUp(Exception):
    """A service of our own was away, or full, for longer than the user wanted to wait; the message says which."""


def _quiet(_: str) -> None:
    """Say nothing."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for services that are away, and a function that reports it."""

    seconds: float
    say: Callable[[str], object] = _quiet
    """Called once for each time that one is away."""
    clock: Callable[[], float] = time.monotonic
    pause: Callable[[float], object] = time.sleep

    def run(self, do: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do something that may be done twice, again and again while a service is away; return what it returns.

        Raises GaveUp when that takes longer than `seconds`.
        """
        since: dict[float, float] = {}
        while True:
            try:
                return do(*args, **kwargs)
            except (*SERVICES, Transient, Unavailable) as error:
                if not (why := away(error)):
                    raise
                limit = min(self.seconds, KEY_S) if isinstance(error, AuthenticationException) else self.seconds
                if limit not in since:
                    since[limit] = self.clock()
                    self.say(f"{why}; waiting up to {limit:.0f} s")
                if self.clock() >= since[limit] + limit:
                    raise GaveUp(f"{why}, for {limit:.0f} s") from error
            self.pause(AGAIN_S)


def away(error: Exception) -> str:
    """Return a sentence on the service that an error shows to be away or full; '' if waiting will not help."""
    match error:
        case AuthenticationError() | AuthorizationError():
            return ""
        case RedisError():
            return f"Redis does not answer ({error})"
        case ApiError():
            return _away(error)
        case TransportError():
            return f"Elasticsearch does not answer ({type(error).__name__})"
        case _:
            return str(error)


def _away(error: ApiError) -> str:
    if isinstance(error, AuthenticationException):
        return "Elasticsearch does not take our key"
    status = error.meta.status
    return f"Elasticsearch cannot answer ({status})" if status == BUSY or status >= SERVER_ERROR else ""
