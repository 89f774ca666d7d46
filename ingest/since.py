"""What a person means by `--since`: a day, a time, or how long ago. In UTC, as all times that are shown."""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from ingest.arabic.fold import fold
from ingest.errors import Permanent

_UNITS: Final = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "M": timedelta(days=30),
    "y": timedelta(days=365),
}
_AGO: Final = re.compile(rf"(\d{{1,5}})([{''.join(_UNITS)}])")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?")
_DAYS_AGO: Final = {"today": 0, "yesterday": 1, "اليوم": 0, "امس": 1, "الامس": 1, "البارحه": 1}
"""Folded, so that «أمس», «امس» and «البارحة» are all known."""


def since(text: str, now: datetime, zone: tzinfo = UTC) -> datetime:
    """Return the moment that a text names: `today`, `أمس`, `7d`, `2026-07-01`, `2026-07-01T10:00`, in a zone.

    Raises Permanent (`bad_date`).
    """
    word = fold(text.strip())
    try:
        if word in _DAYS_AGO:
            return _midnight(now, zone) - timedelta(days=_DAYS_AGO[word])
        if ago := _AGO.fullmatch(text):
            return now - int(ago[1]) * _UNITS[ago[2]]
        if _DATE.fullmatch(text):
            moment = datetime.fromisoformat(text)
            return moment if moment.tzinfo else moment.replace(tzinfo=zone)
    except (ValueError, OverflowError) as error:  # the 30th of February; further back than the calendar reaches
        raise Permanent("bad_date", f"{text!r}: {error}") from error
    raise Permanent(
        "bad_date", f"{text!r} is neither a date (2026-07-01), nor a time before now (7d, 12h), nor today or yesterday"
    )


def _midnight(now: datetime, zone: tzinfo) -> datetime:
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
