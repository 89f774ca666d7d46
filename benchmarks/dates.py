"""Dates against `tests/golden/dates.tsv`, a list that was written before the parser was worked on.

`python -m benchmarks.dates [--misses]` prints how many are right, none, coarse (the day is right, its time is lost) and
wrong, and the CPU a string; beside it dateparser, where that is installed.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from time import process_time
from typing import Literal
from zoneinfo import ZoneInfo

from ingest.dates import parse_date

LIST = Path(__file__).parent.parent / "tests" / "golden" / "dates.tsv"
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
RIYADH = "Asia/Riyadh"
LOCALES = ("ar", "ar-LB", "ar-DZ", "ar-MA", "ar-MR")
"""Of dateparser: no single one of them knows all months."""

Verdict = Literal["right", "coarse", "none", "wrong"]
Parser = Callable[[str, str], tuple[datetime, bool] | None]
"""A text and a time zone -> a moment, and whether its time of day was read."""


@dataclass(frozen=True, slots=True)
class Row:
    """A date string, what it says ('-' where that is nothing certain), and its source's time zone."""

    text: str
    says: str
    zone: str


def rows() -> Iterator[Row]:
    """Yield the list."""
    for line in LIST.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            text, says, *zone = line.split("\t")
            yield Row(text, says, zone[0] if zone else RIYADH)


def verdict(row: Row, found: tuple[datetime, bool] | None) -> Verdict:
    """Judge an answer. A day counts in the zone of the text; a moment must be the same to its last written figure."""
    if found is None:
        return "right" if row.says == "-" else "none"
    if row.says == "-":
        return "wrong"
    at, timed = found
    if "T" not in row.says:
        day = date.fromisoformat(row.says)
        return "right" if not timed and at.astimezone(ZoneInfo(row.zone)).date() == day else "wrong"
    wanted = datetime.fromisoformat(row.says)
    wanted = wanted if wanted.tzinfo else wanted.replace(tzinfo=ZoneInfo(row.zone))
    if timed:
        return "right" if at == wanted else "wrong"
    local = wanted.astimezone(ZoneInfo(row.zone))
    return "coarse" if at.astimezone(ZoneInfo(row.zone)).date() == local.date() else "wrong"


def ours(text: str, zone: str) -> tuple[datetime, bool] | None:
    """Parse with `ingest.dates`."""
    when = parse_date(text, zone, NOW)
    return (when.at, when.precision != "day") if when else None


def peer() -> Parser | None:
    """Return dateparser over all Arabic locales, None where it is not installed."""
    try:
        from dateparser import DateDataParser  # type: ignore[import-untyped,import-not-found,unused-ignore]  # noqa: PLC0415
    except ImportError:
        return None
    base = NOW.replace(tzinfo=None)

    def parse(text: str, zone: str) -> tuple[datetime, bool] | None:
        rules = {"RELATIVE_BASE": base, "TIMEZONE": zone, "RETURN_AS_TIMEZONE_AWARE": True, "DATE_ORDER": "DMY"}
        strict = {"REQUIRE_PARTS": ["year", "month", "day"], "RETURN_TIME_AS_PERIOD": True}
        for locale in LOCALES:
            found = DateDataParser(locales=[locale], settings=rules | strict).get_date_data(text)
            if found.date_obj:
                return found.date_obj, found.period == "time"
        return None

    return parse


def score(name: str, parse: Parser, some: list[Row]) -> list[tuple[Verdict, Row]]:
    """Print a parser's line and return the verdicts."""
    start = process_time()
    answers = [parse(row.text, row.zone) for row in some]
    spent = (process_time() - start) / len(some) * 1e6
    verdicts = [(verdict(row, found), row) for row, found in zip(some, answers, strict=True)]
    counts = Counter(judged for judged, _ in verdicts)
    shares = "  ".join(
        f"{kind} {counts[kind]:3} ({counts[kind] / len(some):6.1%})" for kind in ("right", "coarse", "none", "wrong")
    )
    print(f"  {name:12} {shares}  {spent:7.0f} µs a string")
    return verdicts


def main() -> None:
    """Print the table, with --misses also each string that is not read right."""
    some = list(rows())
    print(f"dates: {len(some)} strings, {sum(row.says == '-' for row in some)} of them say nothing certain")
    score("(warm-up)", ours, some)
    verdicts = score("warraq", ours, some)
    if other := peer():
        score("dateparser", other, some)
    if "--misses" in sys.argv:
        for judged, row in verdicts:
            if judged != "right":
                print(f"  {judged:6} {row.text}  |  {row.says}  |  {ours(row.text, row.zone)}")


if __name__ == "__main__":
    main()
