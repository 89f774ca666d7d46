"""The histogram as columns of an SVG picture, each with its link: computed at once, as a page may have 72."""

from collections.abc import Sequence
from typing import Final, NamedTuple
from urllib.parse import quote

from ingest.desk import when
from ingest.desk.asked import Asked
from ingest.desk.bars import Bars
from ingest.desk.numbers import Digits, Language, counted
from workers.desk.strings import COUNTED

STEP: Final = 10
HIGHEST: Final = 96
LOWEST: Final = 4
"""Of a column that is not empty: it can be seen, and hit."""


class Column(NamedTuple):
    """One bar: its place and height in a picture 100 high, what it is called, and where it leads."""

    x: int
    height: float
    name: str
    articles: str
    address: str
    since: str
    until: str


def columns(asked: Asked, bars: Bars, *, language: Language, digits: Digits) -> Sequence[Column]:
    """Return the columns; time runs as the script does."""
    base = asked.within("", "").query_string()
    here = f"/?{base}&" if base else "/?"
    last, highest = len(bars.bars) - 1, bars.highest or 1
    return [
        Column(
            x=(last - place if language == "ar" else place) * STEP,
            height=max(LOWEST, round(HIGHEST * bar.articles / highest, 1)) if bar.articles else 0,
            name=when.named(bars.step, bar.at, language, digits),
            articles=counted(bar.articles, COUNTED["article"][language], language, digits),
            address=f"{here}from={quote(bar.since)}&to={quote(bar.until)}",
            since=bar.since,
            until=bar.until,
        )
        for place, bar in enumerate(bars.bars)
    ]
