"""An article: its text, where each value came from, its story and its history."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ingest.desk.readable import DATED, is_reference
from workers.desk.desk import Desk, desk_of
from workers.desk.page import render
from workers.steps.history import Version, version
from workers.steps.stories import Told, told_of

ID: Final = re.compile("[0-9a-f]{32}")
VALUES: Final = ("title", "subtitle", "authors", "agencies", "published_at", "modified_at", "section", "tags", "image")
"""What the table of origins shows."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An article as its page shows it."""

    document: Mapping[str, Any]
    paragraphs: tuple[str, ...]
    times: Mapping[str, datetime]
    dated: bool
    """Whether only the day of its publication was written."""
    origins: Mapping[str, str]
    """Where each value was found."""
    reference: bool
    """Whether its page reserves the text: there is none to show."""
    story: Told | None
    versions: tuple[Version, ...]


def article(request: Request) -> Response:
    """Show an article."""
    return render(request, "article.html", shown=shown(desk_of(request), request.path_params["id"]), values=VALUES)


def misread(request: Request) -> Response:
    """Show what to do about an article that was read wrongly: the site rule's command, and the text of an issue."""
    found = shown(desk_of(request), request.path_params["id"])
    part = request.query_params.get("part", "")
    return render(request, "misread.html", shown=found, part=part, note=request.query_params.get("note", "")[:2000])


def shown(desk: Desk, key: str) -> Shown:
    """Return an article. Raises HTTPException (404) if there is none."""
    document = desk.library.article(key) if ID.fullmatch(key) else None
    if document is None:
        raise HTTPException(404)
    body = document.get("body", "")
    versions = map(version, desk.library.revisions.of(key, fresh=False)) if document.get("revisions") else ()
    return Shown(
        document=document,
        paragraphs=tuple(part for one in body.splitlines() if (part := one.strip())),
        times={name: datetime.fromisoformat(document[name]) for name in DATED if name in document},
        dated=document.get("published_precision") == "day",
        origins=dict(one.split("=", 1) for one in document.get("provenance", ()) if "=" in one),
        reference=is_reference(document),
        story=told_of(desk.library, key) if document.get("story_role") else None,
        versions=tuple(replace(one, changes=()) if is_reference(document) else one for one in versions),
    )


ROUTES: Final = [Route("/article/{id}", article), Route("/article/{id}/misread", misread)]
