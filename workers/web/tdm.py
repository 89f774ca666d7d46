"""tdmrep.json of each origin, fetched once in 24 hours.

warraq:tdm:<origin>   text  its Reservation as JSON
"""

from collections.abc import Callable
from typing import Final, cast

from pydantic import TypeAdapter
from redis import Redis

from ingest.errors import Permanent, Transient
from ingest.model import Page
from ingest.policy.tdmrep import PATH, Reservation, reservation_of
from workers.ttl_cache import TTLCache
from workers.web.robots import FRESH_S, UNAVAILABLE_S, origin_of
from workers.web.site_files import SiteFiles

RESERVATION: Final = TypeAdapter(Reservation)
EVERYTHING: Final = Reservation("User-agent: *\nDisallow: /")
"""Stands in for a file that is too large to be kept now."""


class Tdm:
    """What each site reserves."""

    def __init__(self, redis: Redis, kept: SiteFiles) -> None:
        self._redis = redis
        self._kept = kept
        self._brief: TTLCache[Reservation] = TTLCache()

    def known(self, url: str) -> Reservation | None:
        """Return what the origin of a URL reserves, or None if its file must be fetched first."""
        origin = origin_of(url)
        if (reservation := self._brief.get(origin)) is not None:
            return reservation
        text = cast("bytes | None", self._redis.get(f"warraq:tdm:{origin}"))
        return self._brief.put(origin, RESERVATION.validate_json(text)) if text else None

    def learn(self, url: str, get: Callable[[str], Page]) -> Reservation:
        """Fetch the file of a URL's origin and remember it. Without one nothing is reserved.

        A large one for which there is no room (`site_files.py`) counts as reserving everything for a while.

        Raises Transient if it cannot be had; for a while it then counts as none.
        """
        origin = origin_of(url)
        try:
            reservation = reservation_of(get(origin + PATH).body)
        except Permanent:
            reservation = Reservation()
        except Transient as error:
            self._remember(origin, Reservation(), UNAVAILABLE_S)
            if error.reason != "empty_page":
                raise
            reservation = Reservation()
        return self._remember(origin, reservation, FRESH_S)

    def _remember(self, origin: str, reservation: Reservation, seconds: int) -> Reservation:
        if not self._kept.put(f"warraq:tdm:{origin}", RESERVATION.dump_json(reservation).decode(), seconds):
            return self._remember(origin, EVERYTHING, UNAVAILABLE_S)
        return self._brief.put(origin, reservation)
