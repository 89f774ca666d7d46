"""Results as files: CSV that Excel opens right, NDJSON for programs. A row at a time, so that memory does not grow."""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from io import StringIO
from itertools import islice
from typing import Any, Final

from ingest.desk.upright import upright

COLUMNS: Final = (
    *("published_at", "title", "site", "section", "authors", "agencies", "language", "url"),
    *("words", "modified_at", "gone_at", "story", "id"),
)
"""No text: who has the right to it finds it in Elasticsearch."""
BOM: Final = "\ufeff"
"""Without it Excel reads Arabic as Windows-1256 or worse."""
LINES: Final = 200
"""Lines of a portion: some 100 KB."""
_FORMULA: Final = re.compile("(^|;)(?= ?[=+@＝＋－＠-])")
"""A cell that begins so is a formula to Excel, and formulas run programs.

Where Windows speaks Arabic, or most languages of Europe, Excel begins a new cell at a semicolon too.
"""
_BREAKING: Final = re.compile("[\u0085\u2028\u2029\ud800-\udfff]")
"""What some readers take for the end of a line, and halves of characters, which no file can hold."""


def csv_lines(documents: Iterable[Mapping[str, Any]], zone: tzinfo) -> Iterator[str]:
    """Yield the lines of a CSV file (RFC 4180), times as a spreadsheet understands them."""
    yield BOM + _line(COLUMNS)
    for one in documents:
        yield _line([_cell(one, name, zone) for name in COLUMNS])


def json_lines(documents: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield a line of JSON for each document."""
    for one in documents:
        yield _BREAKING.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(one, ensure_ascii=False)) + "\n"


def portions(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines many at a time: each thing that is sent on its own costs a server a millisecond."""
    rest = iter(lines)
    while portion := "".join(islice(rest, LINES)):
        yield portion


def _cell(document: Mapping[str, Any], name: str, zone: tzinfo) -> str:
    value = document.get(name) or ""
    if isinstance(value, list | tuple):
        value = "؛ ".join(value)
    if name.endswith("_at") and value:
        value = f"{datetime.fromisoformat(value).astimezone(zone):%Y-%m-%d %H:%M}"
    text = upright(" ".join(str(value).split()))
    return _FORMULA.sub(r"\1'", text).encode("utf-8", "replace").decode()


def _line(cells: Iterable[str]) -> str:
    file = StringIO()
    csv.writer(file).writerow(cells)
    return file.getvalue()
