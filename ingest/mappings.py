"""How Elasticsearch stores a field: its mapping is in the dataclass field's metadata."""

from collections.abc import Mapping
from dataclasses import field, fields
from typing import Any, Final

ARABIC_TEXT: Final[Mapping[str, Any]] = {
    "type": "text",
    "analyzer": "ar_news",
    "search_analyzer": "ar_news_search",
    "fields": {"exact": {"type": "text", "analyzer": "ar_exact"}},
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
