"""The part of Elasticsearch's query language that we use on the ledger, over objects in memory."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any, Final

Clause = Mapping[str, Any]


def matches(found: object, query: Clause) -> bool:
    """Tell whether an object's fields fit a query; a kind of query that is not known here is a KeyError."""
    ((kind, clause),) = query.items()
    return _KINDS[kind](found, clause)


def _bool(found: object, clause: Clause) -> bool:
    should = clause.get("should", [])
    return (
        all(matches(found, one) for one in clause.get("filter", []))
        and not any(matches(found, one) for one in clause.get("must_not", []))
        and (not should or any(matches(found, one) for one in should))
    )


def _term(found: object, clause: Clause) -> bool:
    return all(getattr(found, name) == value for name, value in clause.items())


def _terms(found: object, clause: Clause) -> bool:
    return all(getattr(found, name) in values for name, values in clause.items())


def _prefix(found: object, clause: Clause) -> bool:
    return all(getattr(found, name).startswith(value) for name, value in clause.items())


def _wildcard(found: object, clause: Clause) -> bool:
    return all(fnmatchcase(getattr(found, name), pattern) for name, pattern in clause.items())


def _exists(found: object, clause: Clause) -> bool:
    value: object = found
    for name in clause["field"].split("."):
        value = getattr(value, name, None)
    return value is not None


def _ids(found: object, clause: Clause) -> bool:
    return getattr(found, "id", None) in clause["values"]


def _range(found: object, clause: Clause) -> bool:
    ((name, bounds),) = clause.items()
    value = getattr(found, name)
    return value is not None and all(_BOUNDS[bound](value, limit) for bound, limit in bounds.items())


def _moment(limit: str | datetime, *, end: bool = False) -> datetime:
    """Return a limit as a time; a day alone is its first moment or, as Elasticsearch reads `lte`, its last."""
    if isinstance(limit, datetime):
        return limit
    if len(limit) == len("2026-07-01"):
        start = datetime.combine(date.fromisoformat(limit), datetime.min.time(), UTC)
        return start + timedelta(days=1, microseconds=-1) if end else start
    return datetime.fromisoformat(limit)


_BOUNDS: Final[dict[str, Callable[[datetime, Any], bool]]] = {
    "gte": lambda value, limit: value >= _moment(limit),
    "lt": lambda value, limit: value < _moment(limit),
    "lte": lambda value, limit: value <= _moment(limit, end=True),
}
_KINDS: Final[dict[str, Callable[[object, Any], bool]]] = {
    "bool": _bool,
    "exists": _exists,
    "ids": _ids,
    "match_all": lambda _, __: True,
    "prefix": _prefix,
    "range": _range,
    "term": _term,
    "terms": _terms,
    "wildcard": _wildcard,
}
