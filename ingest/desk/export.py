"""Results as files: CSV that Excel opens right, NDJSON for programs. A row at a time, so that memory does not grow."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from io import StringIO
from typing import Any, Final

COLUMNS: Final = (
    *("published_at", "title", "site", "section", "authors", "agencies", "language", "url"),
    *("words", "modified_at", "gone_at", "story", "id"),
)
"""No text: who has the right to it finds it in Elasticsearch."""
BOM: Final = "\ufeff"
"""Without it Excel reads Arabic as Windows-1256 or worse."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is a formula to Excel, and formulas run programs."""


def csv_lines(documents: Iterable[Mapping[str, Any]], zone: tzinfo) -> Iterator[str]:
    """Yield the lines of a CSV file (RFC 4180), times as a spreadsheet understands them."""
    yield BOM + _line(COLUMNS)
    for one in documents:
        yield _line([_cell(one, name, zone) for name in COLUMNS])


def json_lines(documents: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield a line of JSON for each document."""
    for one in documents:
        yield json.dumps(one, ensure_ascii=False) + "\n"


def _cell(document: Mapping[str, Any], name: str, zone: tzinfo) -> str:
    value = document.get(name) or ""
    if isinstance(value, list | tuple):
        value = "؛ ".join(value)
    if name.endswith("_at") and value:
        value = f"{datetime.fromisoformat(value).astimezone(zone):%Y-%m-%d %H:%M}"
    text = " ".join(str(value).split())
    return f"'{text}" if text.startswith(_FORMULA) else text


def _line(cells: Iterable[str]) -> str:
    file = StringIO()
    csv.writer(file).writerow(cells)
    return file.getvalue()
