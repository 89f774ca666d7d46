"""When an article was published, as far as its page can be believed; and who publishes it."""

from datetime import datetime, time, timedelta
from typing import Final

BACK: Final = 3
"""Usual gaps of its source that an article may be older than its admission."""
BACK_AT_LEAST: Final = timedelta(hours=6)
"""A quick source too lists an article late at times: at night, or after an outage of our own."""
DAY: Final = "day"


def first_known(published: datetime | None, precision: str, admitted: datetime, gap_s: float | None) -> datetime:
    """Return when an article was published, as far as its page can be believed, else when it was admitted.

    Its own time must have been written with hours, lie before the admission, and by no more than its source's rhythm
    allows; without a rhythm (`gap_s` None: archives, files) there is nothing better than the page. Midnight to the
    second is what publishing systems make of a day.
    """
    if published is None or precision in {"", DAY} or published > admitted:
        return admitted
    if gap_s is not None and published.time() == time():
        return admitted
    longest = timedelta.max if gap_s is None else max(BACK_AT_LEAST, timedelta(seconds=BACK * gap_s))
    return published if admitted - published <= longest else admitted
