"""An article's document as pages, feeds and files show it: whichever version wrote it, no text that is reserved."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from ingest.policy.rights import LICENCE, UNKEPT

DATED: Final = ("published_at", "modified_at", "fetched_at", "revised_at", "gone_at", "admitted_at")
MANY: Final = ("authors", "agencies", "tags", "provenance")
PARTS: Final = ("rights", "quality")
RESERVED: Final = ("body", "caption")
"""What a reference lacks: left out of the document where TDM is reserved, and only here with `noarchive`."""
YEARS: Final = range(1000, 9000)
"""What any zone and calendar can show."""


def readable(document: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return a document with an id, an address and a headline at least, and nothing in it that is not of its kind."""
    made = {name: _whole(value) for name, value in document.items() if value is not None}
    made |= {name: value for name in DATED if (value := _stamp(made.pop(name, "")))}
    made |= {name: _texts(made.pop(name)) for name in MANY if name in made}
    made |= {name: value for name in PARTS if isinstance(value := made.pop(name, None), Mapping)}
    made |= {"id": key, "url": str(made.get("url", "")), "title": str(made.get("title") or made.get("url") or key)}
    return {name: value for name, value in made.items() if name not in RESERVED or not is_reference(made)}


def readable_hit(hit: Mapping[str, Any]) -> dict[str, Any]:
    """Return a hit of Elasticsearch with its document readable, and no excerpt that its page forbids."""
    document = readable(hit["_source"], hit["_id"])
    marked = {name: _texts(texts) for name, texts in hit.get("highlight", {}).items()}
    if is_reference(document) or _says(document, "nosnippet"):
        marked.pop("body", None)
    if _says(document, "nosnippet"):
        document.pop("summary", None)
    return {**hit, "_source": document, "highlight": marked}


def is_reference(document: Mapping[str, Any]) -> bool:
    """Return whether a page reserves its text or forbids to show a copy (`noarchive`), and we have no licence."""
    rights = document.get("rights") or {}
    reserved = bool(rights.get("tdm_reserved")) and rights.get("basis") != LICENCE
    return reserved or any(_says(document, word) for word in UNKEPT)


def moment(text: object) -> datetime | None:
    """Return a time of a document, in UTC where it names no zone; None for what no page can show."""
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)) if at.year in YEARS else None


def _says(document: Mapping[str, Any], word: str) -> bool:
    rights = document.get("rights") or {}
    return word in (rights.get("robots") or ()) and rights.get("basis") != LICENCE


def _stamp(value: object) -> str:
    at = moment(value)
    return at.isoformat() if at else ""


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list | tuple) else [str(value)]


def _whole(value: Any) -> Any:  # noqa: ANN401  # as JSON has it
    """Return a value without halves of characters: JSON can name them, and no file can hold them."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    if isinstance(value, list | tuple):
        return [_whole(one) for one in value]
    return {name: _whole(one) for name, one in value.items()} if isinstance(value, Mapping) else value
