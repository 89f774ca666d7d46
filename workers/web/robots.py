"""robots.txt of each origin: fetched once in 24 hours and shared by all workers through Redis.

    warraq:robots:<origin>        text  the rules that apply to us; '' = everything is allowed
    warraq:robots-fresh:<origin>  text  exists until it must be fetched again: `ok`, or why it could not be fetched

RFC 9309: 4xx, a challenge, and too many redirects allow everything (2.3.1.3, 2.3.1.2), and so does what cannot be
decoded or is larger than a page may be; 5xx and network errors forbid everything (2.3.1.4), unless there is an older
copy (2.4), and so does one for which there is no room (`site_files.py`). Each outcome is remembered for the origin:
none is asked for again for each article. Redirects are the asker's (`ask.py`); the rules are those of the origin asked.
"""

from collections.abc import Callable
from typing import Final

import ada_url
from redis import Redis

from ingest.errors import Permanent, Transient
from ingest.model import Page
from ingest.policy.robots import RobotsRules, ours
from workers.ttl_cache import TTLCache
from workers.web.site_files import SiteFiles

FRESH_S: Final = 86_400
KEPT_S: Final = 7 * 86_400
"""Seconds for which an old copy may replace one that cannot be fetched."""
UNAVAILABLE_S: Final = 600
"""Seconds after which an unreachable robots.txt is asked for again."""
OURS: Final = frozenset({"address_blocked", "port_forbidden"})
OURS_S: Final = 60
"""Reasons that are our own settings', and seconds for which one is remembered: the setting may be changed."""
ABSENT: Final = (*(f"http_{hundred}" for hundred in (1, 2, 3, 4, 6, 7, 8, 9)), "challenge", "redirect_", "url_")
"""Reasons, or how they begin, of an answer that holds no rules: 4xx, a status of their own, a redirect without end."""
ILLEGIBLE: Final = ("encoding_unsupported", "decode", "too_large", "bomb", "headers_too_large")
"""Reasons of an answer whose rules nobody can read."""
NO_RULES: Final = (*ABSENT, *ILLEGIBLE)
FETCHED: Final = "ok"
REFUSED: Final = "!"
"""How a remembered Permanent begins: the site's pages cannot be fetched either."""


class Robots:
    """The robots.txt rules of each origin."""

    def __init__(self, redis: Redis, kept: SiteFiles) -> None:
        self._redis = redis
        self._kept = kept
        self._brief: TTLCache[RobotsRules] = TTLCache()

    def known(self, url: str) -> RobotsRules | None:
        """Return the rules for a URL's origin, or None if its robots.txt must be fetched first.

        Raises Transient (`robots_unavailable`) if that was tried in vain: nothing of the site may be fetched meanwhile;
        Permanent, as `learn` did, if nothing of it can be.
        """
        origin = origin_of(url)
        if (rules := self._brief.get(origin)) is not None:
            return rules
        pipe = self._redis.pipeline(transaction=False)
        pipe.get(f"warraq:robots:{origin}")
        pipe.get(f"warraq:robots-fresh:{origin}")
        pipe.pttl(f"warraq:robots-fresh:{origin}")
        text, fresh, left_ms = pipe.execute()
        if fresh is None:
            return None
        if fresh.startswith(REFUSED.encode()):
            reason, _, detail = fresh.decode().removeprefix(REFUSED).partition(": ")
            raise Permanent(reason, f"{detail}; asked again in {_minutes(left_ms)} min")
        if text is None and fresh == FETCHED.encode():
            return None  # it has made room for others
        if text is None:
            detail = f"{origin}/robots.txt: {fresh.decode()}"
            raise Transient("robots_unavailable", detail, retry_after_s=max(left_ms, 0) / 1000)
        return self._brief.put(origin, RobotsRules(text.decode()))

    def learn(self, url: str, get: Callable[[str], Page]) -> RobotsRules:
        """Fetch the robots.txt of a URL's origin and remember it. Raises as `known`.

        Raises Permanent too: an address that is not public, or a certificate, forbids the site's pages as well.
        """
        origin = origin_of(url)
        try:
            text = ours(get(f"{origin}/robots.txt").body)
        except (Permanent, Transient) as error:
            absent = error.reason.startswith(NO_RULES) if isinstance(error, Permanent) else error.reason == "empty_page"
            if not absent:
                return self._unavailable(url, error)
            text = ""
        if not self._kept.put(f"warraq:robots:{origin}", text, KEPT_S):
            detail = (
                f"{origin}/robots.txt has {len(text)} characters of rules; there is no room for another of that size"
            )
            return self._unavailable(url, Transient("robots_too_large", detail))
        self._redis.set(f"warraq:robots-fresh:{origin}", FETCHED, ex=FRESH_S)
        return self._brief.put(origin, RobotsRules(text))

    def _unavailable(self, url: str, error: Permanent | Transient) -> RobotsRules:
        """Return the older copy, or raise; both are good until the next try."""
        if isinstance(error, Permanent) and error.reason.startswith("http_5"):
            error = Transient(error.reason, error.detail)
        seconds: float = OURS_S if error.reason in OURS else UNAVAILABLE_S
        if isinstance(error, Transient):
            seconds = max(seconds, error.retry_after_s)
        outcome = str(error) if isinstance(error, Transient) else f"{REFUSED}{error}"
        self._redis.set(f"warraq:robots-fresh:{origin_of(url)}", outcome, px=int(seconds * 1000))
        rules = self.known(url)
        if rules is None:
            raise error
        return rules


def _minutes(left_ms: int) -> int:
    """Return the minutes that are left, at least one."""
    return max(round(left_ms / 60_000), 1)


def origin_of(url: str) -> str:
    """Return scheme, host and port of a URL: the scope of one robots.txt."""
    return str(ada_url.URL(url).origin)
