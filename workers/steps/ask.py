"""Polite requests: at our turn, as robots.txt allows, with a cooldown afterwards. The only way to the web.

One host, one request at a time, from whichever worker; `turns` keeps the turns, `robots` the rules.
"""

import random
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Final, TypeVar

from redis.exceptions import RedisError

from ingest.errors import Permanent, Rejected, Transient
from ingest.forget import REASON
from ingest.model import Page
from ingest.policy.pace import asked_s, backoff_s, pause_s
from ingest.policy.robots import RobotsRules
from ingest.policy.tdmrep import Reservation
from ingest.urls import lane_of
from workers.runtime import Runtime
from workers.steps.forgotten import is_of_forgotten_site
from workers.web.http import NO_HEADERS, Follow
from workers.web.robots import origin_of

FAULTLESS: Final = frozenset({"empty_page"})
"""Transient failures that are not the host's."""
INSIDE: Final = frozenset({"address_blocked", "port_forbidden"})
"""Reasons why a host is never connected to."""

T = TypeVar("T")


class NotYet(Exception):
    """The host may not be asked yet, or another article comes first. No attempt is counted."""

    def __init__(self, seconds: float, why: str = "its host rests") -> None:
        super().__init__(f"come back in {seconds:.1f} s")
        self.why = why
        self.wait = timedelta(seconds=seconds)


class Redirected(Exception):
    """The goal of a redirect must be asked in a turn of its own: it is another host's, or its robots.txt is unknown."""

    def __init__(self, url: str, *, for_good: bool) -> None:
        super().__init__(f"redirected to {url}")
        self.url = url
        self.for_good = for_good


def ask(rt: Runtime, url: str, lane: str, holder: str, headers: Mapping[str, str] = NO_HEADERS) -> Page:
    """Return the page behind a URL, or a 304 if `headers` make the request conditional.

    Raises NotYet; Redirected; Rejected (`robots`, `forgotten`); Transient (`robots_unavailable`); and what `Http.get`
    raises.
    """
    if is_of_forgotten_site(rt, url):
        rt.turns.cancel(lane, holder)
        raise Rejected(REASON, f"{url} is of a site that was forgotten")
    if wait := rt.turns.acquire(lane, holder):
        raise NotYet(wait)
    rules = _rules(rt, url, lane, holder)
    if not rules.allow(url):
        rt.turns.cancel(lane, holder)
        raise _disallowed(url)
    reserved = _reservation(rt, url, lane, holder, rules.crawl_delay_s)
    page = _request(rt, lane, holder, rules.crawl_delay_s, lambda: rt.web.get(url, headers, _follow(rt)))
    return reserved.onto(page)


def _rules(rt: Runtime, url: str, lane: str, holder: str) -> RobotsRules:
    try:
        known = rt.robots.known(url)
    except Transient as error:
        rt.turns.release(lane, holder, error.retry_after_s, ok=False)
        raise
    except Permanent:
        rt.turns.cancel(lane, holder)
        raise
    if known is not None:
        return known
    rules = _request(rt, lane, holder, 0.0, lambda: rt.robots.learn(url, _anywhere(rt, lane, holder)))
    _end_turn(rt, lane, holder, rules.crawl_delay_s)
    return rules


def _reservation(rt: Runtime, url: str, lane: str, holder: str, crawl_delay_s: float) -> Reservation:
    if (known := rt.tdm.known(url)) is not None:
        return known
    reservation = _request(rt, lane, holder, crawl_delay_s, lambda: rt.tdm.learn(url, _anywhere(rt, lane, holder)))
    _end_turn(rt, lane, holder, crawl_delay_s)
    return reservation


def _end_turn(rt: Runtime, lane: str, holder: str, crawl_delay_s: float) -> None:
    """Raise NotYet if the host has any cooldown: this turn's request has been made, and the page waits for the next."""
    if pause := pause_s(rt.settings.politeness_s, crawl_delay_s, 0.0):
        rt.turns.release(lane, holder, pause)
        raise NotYet(pause)


def _request(rt: Runtime, lane: str, holder: str, crawl_delay_s: float, work: Callable[[], T]) -> T:
    """Make one request; whatever its outcome, the host has its cooldown afterwards."""
    started = time.monotonic()
    cooldown_s, ok = 0.0, True
    try:
        return work()
    except Transient as error:
        cooldown_s, ok = _cooldown_s(rt, lane, error), error.reason in FAULTLESS
        raise
    finally:
        pause = pause_s(rt.settings.politeness_s, crawl_delay_s, time.monotonic() - started)
        with suppress(RedisError):  # the answer is not lost for that: the turn ends with its lease
            rt.turns.release(lane, holder, max(pause, cooldown_s), ok=ok)


def _cooldown_s(rt: Runtime, lane: str, error: Transient) -> float:
    """Return the cooldown of a failing host: what it asks for, else longer with each failure."""
    jitter = random.random()  # noqa: S311  # spread, no secret
    asked = asked_s(error.retry_after_s, jitter)
    if error.reason in FAULTLESS or not rt.settings.politeness_s:
        return asked
    return max(asked, backoff_s(rt.turns.strike(lane), jitter))


def _follow(rt: Runtime) -> Follow:
    """Return the judge of redirects: within its site one is followed in this turn, if its rules are known.

    Raises Redirected where another host's turn, or a robots.txt, must come first; Rejected (`robots`).
    """

    def follow(here: str, there: str, for_good: bool) -> None:  # noqa: FBT001  # as Follow has it
        rules = rt.robots.known(there) if lane_of(there) == lane_of(here) else None
        if rules is None:
            raise Redirected(there, for_good=for_good)
        if not rules.allow(there):
            raise _disallowed(there)

    return follow


def _anywhere(rt: Runtime, lane: str, holder: str) -> Callable[[str], Page]:
    """Return what fetches a file of a site wherever it redirects to (RFC 9309, 2.3.1.2): other hosts in their own turn.

    Raises NotYet if such a host may not be asked now; Permanent (`redirect_inside`) if it may never be.
    """

    def get(url: str) -> Page:
        taken: dict[str, str] = {}

        def follow(_here: str, there: str, _for_good: bool) -> None:  # noqa: FBT001  # as Follow has it
            other = lane_of(there)
            if other != lane and other not in taken and (wait := rt.turns.acquire(other, f"poll:{holder}")):
                raise NotYet(wait)
            taken[other] = there

        try:
            return rt.web.get(url, NO_HEADERS, follow)
        except Permanent as error:
            if taken and error.reason in INSIDE:
                raise Permanent("redirect_inside", error.detail) from error
            if taken and error.reason.startswith("tls"):
                raise Transient(error.reason, error.detail) from error
            raise
        finally:
            for other, there in taken.items():
                if other != lane:
                    with suppress(RedisError):
                        rt.turns.release(other, f"poll:{holder}", _least_pause(rt, there), ok=False)

    return get


def _least_pause(rt: Runtime, url: str) -> float:
    """Return the cooldown that a host has after any request, as far as its rules are known."""
    rules = None
    with suppress(Permanent, Transient):
        rules = rt.robots.known(url)
    return pause_s(rt.settings.politeness_s, rules.crawl_delay_s if rules else 0.0, 0.0)


def _disallowed(url: str) -> Rejected:
    return Rejected("robots", f"{origin_of(url)}/robots.txt does not let us fetch {url}")
