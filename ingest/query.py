"""Queries over the documents."""

from typing import Any


def query(text: str) -> dict[str, Any]:
    """Return the documented query: title and body by stem, the exact form as a bonus (analyzer study, 5)."""
    fields = ["title", "body", "caption", "title.exact^0.5", "body.exact^0.5"]
    return {"multi_match": {"query": text, "fields": fields, "type": "best_fields", "tie_breaker": 0.3}}
