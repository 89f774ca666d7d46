"""How Elasticsearch stores a field: its mapping is in the dataclass field's metadata."""

from collections.abc import Mapping
from dataclasses import field, fields
from typing import Any, Final

OFFSETS: Final[Mapping[str, Any]] = {"index_options": "offsets"}
"""Where each word stands is stored: marking what a search found need not analyze the texts again, which takes longer
than the search; the index is a quarter larger (docs/performance.md)."""
ARABIC_TEXT: Final[Mapping[str, Any]] = {
    "type": "text",
    "analyzer": "ar_news",
    "search_analyzer": "ar_news_search",
    **OFFSETS,
    "fields": {"exact": {"type": "text", "analyzer": "ar_exact", **OFFSETS}},
}
ARABIC_TITLE: Final[Mapping[str, Any]] = {
    **ARABIC_TEXT,
    "fields": {
        **ARABIC_TEXT["fields"],
        "autocomplete": {
            "type": "text",
            "analyzer": "ar_autocomplete",
            "search_analyzer": "ar_exact",
        },
    },
}
KEYWORD: Final[Mapping[str, Any]] = {"type": "keyword", "ignore_above": 8191}
DATE: Final[Mapping[str, Any]] = {"type": "date"}
COUNT: Final[Mapping[str, Any]] = {"type": "integer"}
SHARE: Final[Mapping[str, Any]] = {"type": "half_float"}
"""A number from 0 to 1."""
OPAQUE: Final[Mapping[str, Any]] = {"type": "object", "enabled": False}
YES_NO: Final[Mapping[str, Any]] = {"type": "boolean"}


def stored(mapping: Mapping[str, Any], **options: Any) -> Any:  # noqa: ANN401  # as dataclasses.field
    """Return a dataclass field that Elasticsearch stores under `mapping`."""
    return field(metadata={"mapping": mapping}, **options)


def mapping(*declarations: type) -> dict[str, Any]:
    """Return the strict mapping that the fields of dataclasses declare."""
    found = {
        declared.name: dict(declared.metadata["mapping"])
        for declaration in declarations
        for declared in fields(declaration)
        if "mapping" in declared.metadata
    }
    return {"dynamic": "strict", "properties": found}


def missing(wanted: Mapping[str, Any], there: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that an index lacks, as `properties` of a mapping.

    What a field is cannot be changed in an index that is there: one that differs stays as it is until a `reindex`.
    """
    found: dict[str, Any] = {}
    for name, field_ in wanted.items():
        known = there.get(name)
        if known is None:
            found[name] = dict(field_)
            continue
        for inside in ("properties", "fields"):
            have = known.get(inside, {})
            if more := missing(field_.get(inside, {}), have):
                found[name] = {**known, inside: {**have, **more}}
    return found
