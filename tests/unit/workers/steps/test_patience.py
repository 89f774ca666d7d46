"""Waiting for services of our own."""

from collections.abc import Callable

import pytest
from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig
from elastic_transport import ConnectionError as NoConnectionError
from elasticsearch import ApiError, AuthenticationException
from redis.exceptions import AuthenticationError
from redis.exceptions import ConnectionError as RedisConnectionError

from ingest.errors import Permanent, Transient, Unavailable
from workers.steps.patience import GaveUp, Patience


def api_error(status: int, kind: type[ApiError] = ApiError) -> ApiError:
    meta = ApiResponseMeta(status, "1.1", HttpHeaders(), 0.1, NodeConfig("http", "localhost", 9200))
    return kind("no", meta, {})


AWAY = [
    NoConnectionError("refused"),
    api_error(429),
    api_error(503),
    api_error(401, AuthenticationException),
    RedisConnectionError("refused"),
    Transient("redis_full"),
    Unavailable("page_store"),
]
WRONG = [api_error(400), api_error(403), AuthenticationError("no such user"), Permanent("bad"), ValueError("a bug")]


class Service:
    """Away for some calls, then there; tells how much time was waited, and what was said."""

    def __init__(self, error: Exception, calls: int) -> None:
        self.error, self.calls, self.time = error, calls, 0.0
        self.said: list[str] = []

    def ask(self, word: str, *, twice: bool = False) -> str:
        if self.calls:
            self.calls -= 1
            raise self.error
        return word * 2 if twice else word

    def pause(self, seconds: float) -> None:
        self.time += seconds

    def patience(self, seconds: float) -> Patience:
        clock: Callable[[], float] = lambda: self.time  # noqa: E731  # a test's clock
        return Patience(seconds, say=self.said.append, clock=clock, pause=self.pause)


@pytest.mark.parametrize("error", AWAY, ids=str)
def test_it_waits_goes_on_and_tells_once(error: Exception) -> None:
    service = Service(error, 3)
    assert service.patience(60).run(service.ask, "ja", twice=True) == "jaja"
    assert service.time > 0
    assert len(service.said) == 1
    assert "waiting up to 60 s" in service.said[0]


@pytest.mark.parametrize("error", AWAY, ids=str)
def test_it_gives_up(error: Exception) -> None:
    service = Service(error, 1000)
    with pytest.raises(GaveUp, match="for 60 s"):
        service.patience(60).run(service.ask, "ja")
    assert 59 < service.time < 62


@pytest.mark.parametrize("error", WRONG, ids=str)
def test_what_waiting_cannot_mend_is_raised_at_once(error: Exception) -> None:
    service = Service(error, 1)
    with pytest.raises(type(error)):
        service.patience(60).run(service.ask, "ja")
    assert service.time == 0


def test_a_key_that_is_refused_is_waited_for_less_long() -> None:
    service = Service(api_error(401, AuthenticationException), 1000)
    with pytest.raises(GaveUp, match="does not take our key, for 60 s"):
        service.patience(600).run(service.ask, "ja")


def test_a_key_that_is_refused_at_the_end_of_a_long_outage_has_its_own_time() -> None:
    service = Service(NoConnectionError("refused"), 0)
    errors = [NoConnectionError("refused")] * 100 + [api_error(401, AuthenticationException)] * 30

    def ask() -> str:
        if errors:
            raise errors.pop(0)
        return "ja"

    assert service.patience(600).run(ask) == "ja"
    assert len(service.said) == 2
