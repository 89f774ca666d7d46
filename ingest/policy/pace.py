"""How long a host is left in peace after a request: pure sums, in seconds."""

from typing import Final

SLOWER: Final = 10.0
"""Times its own answer that a host may rest: who answers slowly is asked less (Heritrix' delay factor is 5)."""
BACKOFF_S: Final = 30.0
BACKOFF_CAP_S: Final = 3600.0
RETRY_AFTER_CAP_S: Final = 86_400.0
SPREAD: Final = 0.1
"""Share of a Retry-After that chance adds, so that not everybody comes back at once."""


def pause_s(least_s: float, crawl_delay_s: float, took_s: float) -> float:
    """Return the rest after an answer that took `took_s`; without a least of our own (tests) what the site asks."""
    return max(least_s, crawl_delay_s, SLOWER * took_s) if least_s else crawl_delay_s


def asked_s(retry_after_s: float, jitter: float) -> float:
    """Return the rest that a Retry-After asks for, never less than it says, at most about a day."""
    return min(retry_after_s, RETRY_AFTER_CAP_S) * (1 + SPREAD * jitter)


def backoff_s(strikes: int, jitter: float) -> float:
    """Return the rest after the n-th trouble in a row: doubling, half of it drawn by `jitter` in [0, 1)."""
    return min(BACKOFF_CAP_S, BACKOFF_S * 2.0 ** min(strikes - 1, 20)) * (0.5 + jitter / 2)
