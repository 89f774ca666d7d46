"""The JSON-LD of a page: the one node that describes its article, whatever state the JSON is in."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from lxml.html import HtmlElement

LONGEST: Final = 1_000_000
"""Characters of one script; articles with their whole text in it stay under 100,000."""
WRAPPING: Final = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|;)\s*$"
)
COMMENT: Final = re.compile(r"/\*.*?\*/|^\s*//.*$", re.DOTALL | re.MULTILINE)
TRAILING_COMMA: Final = re.compile(r",(\s*[}\]])")
DEPTH: Final = 4
"""Lists and @graphs inside each other that are followed."""


def article_node(tree: HtmlElement) -> Mapping[str, Any]:
    """Return the first node whose type is an article's, or {}. Unreadable scripts are passed over."""
    scripts = tree.xpath("//script[contains(translate(@type, 'JSONLD', 'jsonld'), 'ld+json')]/text()")
    nodes = (node for script in scripts for node in _nodes(_load(script)))
    return next((node for node in nodes if _is_article(node)), {})


def _load(script: str) -> object:
    """Return the value of a script, None when even without comments and trailing commas it is no JSON."""
    if len(script) > LONGEST:
        return None
    for text in (script, TRAILING_COMMA.sub(r"\1", COMMENT.sub("", WRAPPING.sub("", script)))):
        try:
            value: object = json.loads(text, strict=False)  # strict would refuse control characters in strings
        except (ValueError, RecursionError):  # ValueError also for integers of 5,000 digits
            continue
        return value
    return None


def _nodes(value: object, depth: int = DEPTH) -> Iterator[Mapping[str, Any]]:
    if depth < 0:
        return
    if isinstance(value, list):
        for item in value:
            yield from _nodes(item, depth - 1)
    elif isinstance(value, dict):
        yield value
        yield from _nodes(value.get("@graph"), depth - 1)


def _is_article(node: Mapping[str, Any]) -> bool:
    return any(kind.endswith(("Article", "Posting")) for kind in strings(node.get("@type")))


def strings(value: object, *keys: str) -> list[str]:
    """Return the strings of a value that may be a string, an object (then of its first key) or a list of both."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return next((found for key in keys if (found := strings(value.get(key), *keys))), [])
    if isinstance(value, list):
        return [text for item in value if not isinstance(item, list) for text in strings(item, *keys)]
    return []
