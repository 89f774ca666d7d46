"""How long a host is not asked after a request, in seconds."""

from typing import Final

SLOWER: Final = 10.0
"""Cooldown as a multiple of the response time: slow hosts are asked less often (Heritrix' delay factor is 5)."""
BACKOFF_S: Final = 30.0
BACKOFF_CAP_S: Final = 3600.0
RETRY_AFTER_CAP_S: Final = 86_400.0
SPREAD: Final = 0.1
"""Share of a Retry-After that is added as jitter, so that not all articles come back at once."""


def pause_s(least_s: float, crawl_delay_s: float, took_s: float) -> float:
    """Return the cooldown after an answer that took `took_s`; with `least_s` 0 (tests), only what the site asks."""
    return max(least_s, crawl_delay_s, SLOWER * took_s) if least_s else crawl_delay_s


def asked_s(retry_after_s: float, jitter: float) -> float:
    """Return the cooldown for a Retry-After: never less than it says, at most about a day."""
    return min(retry_after_s, RETRY_AFTER_CAP_S) * (1 + SPREAD * jitter)


def backoff_s(strikes: int, jitter: float) -> float:
    """Return the cooldown after the n-th failure in a row: it doubles, and `jitter` in [0, 1) draws half of it."""
    return min(BACKOFF_CAP_S, BACKOFF_S * 2.0 ** min(strikes - 1, 20)) * (0.5 + jitter / 2)
