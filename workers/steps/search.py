"""A search: the articles found, each with its title, its site and the words that matched."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ingest.query import OTHERS, Search
from workers.runtime import Runtime

VERSIONS: Final = 5
"""Hits that are looked at for one, where versions of the same article may be among them."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One article that was found; what matched stands between `articles.MARKS`."""

    id: str
    score: float | None
    """None where the order is not that of relevance."""
    url: str
    title: str
    site: str
    """Its name, else its host."""
    published_at: str
    snippets: tuple[str, ...]
    more: int
    """Further articles of its story that match."""
    version: int | None
    """The number of the earlier version in which it was found; None = it is the article as it is now."""
    document: Mapping[str, Any]
    """The document as it is stored, without its body."""


def search(rt: Runtime, *, asked: Search, size: int) -> list[Hit]:
    """Return the best hits; of an article whose versions are found too, the article, else its best version."""
    best: dict[str, Hit] = {}
    for found in rt.index.search(asked, size * (VERSIONS if asked.old else 1)):
        hit = _hit(found)
        if hit.id not in best or hit.version is None:
            best[hit.id] = hit
    return list(best.values())[:size]


def _hit(found: Mapping[str, Any]) -> Hit:
    document, marked = found["_source"], found.get("highlight", {})
    return Hit(
        id=document.get("article_id", found["_id"]),
        score=found["_score"],
        url=document["url"],
        title=marked.get("title", [document["title"]])[0],
        site=document.get("site") or document.get("host", "file"),
        published_at=document.get("published_at", ""),
        snippets=tuple(" ".join(snippet.split()) for snippet in marked.get("body", [])),
        more=_more(found),
        version=document.get("number"),
        document=document,
    )


def _more(found: Mapping[str, Any]) -> int:
    if OTHERS not in (counted := found.get("inner_hits", {})):
        return 0
    return int(counted[OTHERS]["hits"]["total"]["value"]) - 1
