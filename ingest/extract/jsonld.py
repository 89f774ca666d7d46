"""The JSON-LD of a page: the node that describes its article, whatever state the JSON is in."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

LONGEST: Final = 1_000_000
"""Characters of one script; articles with their whole text in it stay under 100,000."""
WRAPPING: Final = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|;)\s*$"
)
COMMENT: Final = re.compile(r"/\*.*?\*/|^\s*//.*$", re.DOTALL | re.MULTILINE)
TRAILING_COMMA: Final = re.compile(r",(\s*[}\]])")
ARTICLES: Final = ("Article", "Posting")
"""Suffixes of the types that are articles."""
TYPE: Final = re.compile(rf'"@type"\s*:\s*\[?\s*"(\w*(?:{"|".join(ARTICLES)}))"')
PLAIN: Final = re.compile(r'"(headline|datePublished|dateModified|articleSection)"\s*:\s*"([^"\\]{1,300})"')
"""What is read from invalid JSON, which mostly comes from unescaped quotes in the text."""
DEPTH: Final = 4
"""Lists, @graphs and references inside each other that are followed."""
NODES: Final = 500
"""Nodes of a page that are looked at; a list of products may have thousands."""


@dataclass(frozen=True, slots=True)
class LinkedData:
    """What a page's JSON-LD says of its article."""

    article: Mapping[str, Any] = field(default_factory=dict)
    """The first node whose type is an article's, or {}."""
    page: Mapping[str, Any] = field(default_factory=dict)
    """The first WebPage's node, which has dates where there is no article's."""
    trail: tuple[str, ...] = ()
    """The breadcrumbs' names."""
    by_id: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def strings(self, key: str, *names: str) -> list[str]:
        """Return the article's strings under a key; of an object its first name, found by its @id where it is one."""
        return strings(self._resolved(self.article.get(key)), *names)

    def signatures(self, key: str) -> list[str]:
        """Return the names under a key; an Organization's in guillemets, as Arabic print sets a paper's name."""
        value = self._resolved(self.article.get(key))
        names: list[str] = []
        for item in value if isinstance(value, list) else [value]:
            firm = isinstance(item, dict) and _is_a(item, "Organization", "Corporation")
            names += [f"«{name}»" if firm else name for name in strings(item, "name")]
        return names

    def nodes(self, key: str) -> list[Mapping[str, Any]]:
        """Return the objects under a key of the article."""
        value = self._resolved(self.article.get(key))
        return [node for node in (value if isinstance(value, list) else [value]) if isinstance(node, dict)]

    def _resolved(self, value: object) -> object:
        if isinstance(value, list):
            return [self._resolved(item) if isinstance(item, dict) else item for item in value]
        if isinstance(value, dict) and isinstance(value.get("@id"), str) and "name" not in value and "url" not in value:
            return self.by_id.get(value["@id"], value)
        return value


def linked_data(scripts: Iterable[str]) -> LinkedData:
    """Return what a page's scripts of that type say. Unreadable ones are passed over."""
    nodes = list(islice((node for script in scripts for node in _nodes(_load(script))), NODES))
    return LinkedData(
        next((node for node in nodes if _is_a(node, *ARTICLES)), {}),
        next((node for node in nodes if _is_a(node, "WebPage", "ItemPage")), {}),
        next((_trail(node) for node in nodes if _is_a(node, "BreadcrumbList")), ()),
        {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1},
    )


def _load(script: str) -> object:
    """Return the value of a script; when even without comments and trailing commas it is no JSON, what _plain finds."""
    if len(script) > LONGEST:
        return None
    try:
        return json.loads(script, strict=False)  # strict would refuse control characters in strings
    except (ValueError, RecursionError):  # ValueError also for integers of 5,000 digits
        pass
    try:
        return json.loads(TRAILING_COMMA.sub(r"\1", COMMENT.sub("", WRAPPING.sub("", script))), strict=False)
    except (ValueError, RecursionError):
        return _plain(script)


def _plain(script: str) -> object:
    """Return a node with the values that can still be read from broken JSON-LD, or None if it describes no article."""
    kind, values = TYPE.search(script), PLAIN.findall(script)
    return {"@type": kind[1], **dict(reversed(values))} if kind and values else None


def _nodes(value: object, depth: int = DEPTH) -> Iterator[Mapping[str, Any]]:
    if depth < 0:
        return
    if isinstance(value, list):
        for item in value:
            yield from _nodes(item, depth - 1)
    elif isinstance(value, dict):
        yield value
        yield from _nodes(value.get("@graph"), depth - 1)
        yield from _nodes(value.get("mainEntity"), depth - 1)


def _is_a(node: Mapping[str, Any], *endings: str) -> bool:
    return any(kind.endswith(endings) for kind in strings(node.get("@type")))


def _trail(node: Mapping[str, Any]) -> tuple[str, ...]:
    items = node.get("itemListElement")
    steps = [step for step in items if isinstance(step, dict)] if isinstance(items, list) else []
    return tuple(name[0] for step in steps if (name := strings(step, "name") or strings(step.get("item"), "name")))


def strings(value: object, *keys: str) -> list[str]:
    """Return the strings of a value that may be a string, an object (then of its first key) or a list of both."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return next((found for key in keys if (found := strings(value.get(key), *keys))), [])
    if isinstance(value, list):
        return [text for item in value if not isinstance(item, list) for text in strings(item, *keys)]
    return []
