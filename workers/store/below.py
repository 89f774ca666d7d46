"""The queries that find a host, and all below it."""

from typing import Any


def below(field: str, site: str) -> list[dict[str, Any]]:
    """Return queries of which one fits if a field holds a site, or a host below it, on whatever port."""
    return [
        {"term": {field: site}},
        {"prefix": {field: f"{site}:"}},
        {"wildcard": {field: f"*.{site}"}},
        {"wildcard": {field: f"*.{site}:*"}},
    ]
