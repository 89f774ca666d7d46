"""Lists of sources, as TOML or OPML: each source is read, and checked, for itself."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from typing import Any, Final
from zoneinfo import available_timezones

from pydantic import ValidationError

from ingest.discover import CHOICES, KINDS
from ingest.document import SOURCE
from ingest.errors import Permanent
from ingest.files.opml import read_opml
from ingest.model import Source
from ingest.nearest import meant
from ingest.polling import rounds
from ingest.urls import article_id, canonical, fetchable

BOUNDS: Final = {"interval_s": (0, 31_536_000), "since_days": (0, 36_500), "pages": (1, rounds.MOST)}
"""What the numbers of a source may be; an interval of 0: polled when asked."""
REVISIT: Final = "revisit"
"""False stands for no ages at which its articles are looked at again."""
LONGEST_H: Final = 8760
CODE: Final = re.compile("[a-z]{2,3}")


def read_file(body: bytes, *, opml: bool) -> tuple[list[Source], tuple[str, ...]]:
    """Return the sources of an OPML or a TOML file, and what could not be read of it: one that is wrong costs no other.

    A source that was found from a site's address is known by that, whatever its listing's address is now. Raises
    ValueError, KeyError or Permanent for a file that is none.
    """
    tables, problems = read_opml(body) if opml else (tomllib.loads(body.decode("utf-8-sig"))["source"], ())
    if not isinstance(tables, list):
        raise ValueError("it must have [[source]], in two brackets")  # noqa: TRY004  # the file's value, not our type
    found, wrong = [], list(problems)
    for number, table in enumerate(tables, 1):
        try:
            found.append(checked(_source(table)))
        except (ValueError, KeyError, TypeError, AttributeError, Permanent) as error:
            wrong.append(f"source {number} ({_named(table)!r}): {_said(error)}")
    return found, tuple(wrong)


def _source(table: Mapping[str, Any]) -> Source:
    """Return a table's source. Raises KeyError, ValueError, Permanent, and more where its values are of odd types."""
    known = {field.name for field in fields(Source)} | {REVISIT}
    if unknown := sorted(set(table) - known):
        raise ValueError("; ".join(f"there is no setting {name}{meant(name, known)}" for name in unknown))
    url = fetchable(table["url"])
    given = {"kind": "site", **table, "url": url, "id": source_id(table.get("home") or url)}
    return SOURCE.validate_python(given | ({"revisit_hours": ()} if table.get(REVISIT) is False else {}))


def _named(table: object) -> str:
    return str(table.get("url") or table.get("name") or "")[:80] if isinstance(table, dict) else str(table)[:80]


def _said(error: Exception) -> str:
    """Return an error in a line: pydantic's have many."""
    if isinstance(error, ValidationError):
        return "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
    return f"no {error}" if isinstance(error, KeyError) else str(error)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def checked(source: Source) -> Source:
    """Return the source. Raises Permanent for one that could never be polled: it is refused before it is stored."""
    if source.timezone not in _zones():
        raise Permanent("bad_timezone", f"{source.url}: {source.timezone} is no time zone; name one as Asia/Baghdad")
    if source.kind not in KINDS:
        raise Permanent("bad_kind", f"{source.url}: {source.kind} is no kind of source; one of {', '.join(CHOICES)}")
    if wrong := [code for code in source.languages if not CODE.fullmatch(code)]:
        raise Permanent("bad_language", f"{source.url}: {wrong[0]!r} is no ISO 639 code, such as ar or ckb")
    if wrong_hours := [hours for hours in source.revisit_hours if not 0 < hours <= LONGEST_H]:
        raise Permanent("bad_setting", f"{source.url}: revisit_hours has {wrong_hours[0]}, not 0 to {LONGEST_H}")
    for name, (least, most) in BOUNDS.items():
        if not least <= (value := getattr(source, name)) <= most:
            raise Permanent("bad_setting", f"{source.url}: {name} is {value}, not {least} to {most}")
    return source


def source_id(url: str) -> str:
    """Return the id of a source: that of its canonical URL."""
    return article_id(canonical(url))
