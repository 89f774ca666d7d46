"""What a document says of its story, next to what its page says."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any, Final

from ingest.stories.agencies import name_of
from ingest.stories.fingerprint import Fingerprint, Membership
from ingest.stories.story import BY_CONTENT, BY_CREDIT

NAMES: Final = tuple(field.name for field in fields(Membership))


def uncompared(article_id: str, byline: Sequence[str]) -> dict[str, str]:
    """Return what a document says of its story before it is compared with any: a story of one, as `retold` tells it.

    An agency in its credit line is said at once, or the document of each such article would be written twice.
    """
    return {"story": article_id} | ({"agency_by": BY_CREDIT} if any(map(name_of, byline)) else {})


def byline_of(document: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the agencies and desks of a document's credit line, without those that were found by content."""
    found: Sequence[str] = document.get("agencies", ())
    if document.get("agency_by") == BY_CONTENT:
        return tuple(one for one in found if not name_of(one))
    return tuple(found)


def head_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of a document that `retold` may change."""
    return {name: document[name] for name in (*NAMES, "agencies") if name in document}


def retold(
    document: Mapping[str, Any], one: Fingerprint, membership: Membership, agencies: Sequence[str]
) -> dict[str, Any]:
    """Return a document, or its head, as it must be; whoever finds it unchanged need not write it."""
    said = {name_of(written) for written in one.byline}
    named = [*one.byline, *(agency for agency in agencies if agency not in said)]
    kept = {name: value for name, value in document.items() if name not in {*NAMES, "agencies"}}
    told = {name: value for name, value in asdict(membership).items() if value not in ("", None)}
    return kept | told | ({"agencies": named} if named else {})
