"""How an article is cited, and how one is reported that was read wrongly."""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

from ingest.desk import when
from ingest.desk.numbers import Language


def citation(document: Mapping[str, Any], at: datetime | None, zone: tzinfo) -> str:
    """Return who wrote what, where and when, and the address: in the article's language, Arabic or not."""
    language: Language = "ar" if document.get("language", "ar").startswith("ar") else "en"
    comma = "، " if language == "ar" else ", "
    quoted = f"«{document['title']}»" if language == "ar" else f"“{document['title']}”"
    names = comma.join(document.get("authors") or document.get("agencies") or ())
    day = when.day(at.astimezone(zone).date(), language, "latn") if at else ""
    parts = [names, quoted, document.get("site") or document.get("host", ""), day, document["url"]]
    return comma.join(part for part in parts if part)


def issue(document: Mapping[str, Any], part: str, note: str) -> str:
    """Return the text of an issue about a part of an article that was read wrongly; it quotes no text of the page."""
    origins = [one for one in document.get("provenance", ()) if one.startswith(f"{part}=")]
    method = document.get("quality", {}).get("method", "")
    lines = [
        f"Misread: {part} of {document.get('host', '')}",
        "",
        f"URL: {document['url']}",
        f"Article: {document['id']}",
        f"Fetched: {document.get('fetched_at', '')}",
        f"Found at: {', '.join(origins) or method or 'unknown'}",
        f"Wanted: {note.strip() or '-'}",
    ]
    return "\n".join(lines)


def link(address: str) -> str:
    """Return an address that a click may follow; `#` for any that is not of the web."""
    return address if address.lower().startswith(("http://", "https://")) else "#"
