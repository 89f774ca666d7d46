"""A search that is followed: as a feed for feed readers, or taken along as a file."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from ingest.desk import feed as feeds
from ingest.desk import request as asking
from ingest.desk.asked import Asked, read
from ingest.desk.citation import link
from ingest.desk.export import csv_lines, json_lines, portions
from ingest.desk.span import span
from ingest.desk.upright import upright
from ingest.errors import Permanent
from ingest.query import Sort
from workers.desk.desk import Desk, desk_of
from workers.desk.feeds import Followed
from workers.desk.page import render
from workers.store.articles import MARKS

FORMATS: Final[Mapping[str, tuple[str, Callable[[feeds.Feed], str]]]] = {
    "atom.xml": ("application/atom+xml; charset=utf-8", feeds.atom),
    "rss.xml": ("application/rss+xml; charset=utf-8", feeds.rss),
    "feed.json": ("application/feed+json; charset=utf-8", feeds.json_feed),
}
KINDS: Final = {"csv": "text/csv; charset=utf-8", "ndjson": "application/x-ndjson"}
LONGEST: Final = 6_000
"""Bytes of a search that is followed: its page has an address too (wall.py)."""
KEPT_S: Final = 300
"""Seconds for which a feed reader need not ask again."""


def follow(request: Request) -> Response:
    """Show what is followed, and follow one more search."""
    desk = desk_of(request)
    if request.method == "POST":
        made = desk.feeds.follow(_followable(request.state.form.get("query", ""), desk), desk.now())
        return RedirectResponse(f"/follow#feed-{made.id}", 303)
    listed = [(one, _asked(one.query), desk.feeds.name(one)) for one in desk.feeds.all()]
    asked = read(request.query_params.multi_items()).at(1)
    offered = request.url.query and asked.query_string() not in {one.query for one, _, _ in listed}
    page = render(request, "follow.html", asked=asked, offered=offered, listed=listed, formats=list(FORMATS))
    page.headers["content-encoding"] = (
        "identity"  # packed, its length would tell a guessed search which address is near
    )
    return page


def end(request: Request) -> Response:
    """End a feed."""
    desk_of(request).feeds.end(request.state.form.get("id", ""))
    return RedirectResponse("/follow", 303)


def feed(request: Request) -> Response:
    """Answer a feed reader, by an address that is its own key."""
    desk, kind = desk_of(request), FORMATS.get(request.path_params["format"])
    followed = desk.feeds.named(request.path_params["name"])
    if kind is None or followed is None:
        raise HTTPException(404)
    text = kind[1](feed_of(desk, followed, request))
    tag = f'"{sha256(text.encode()).hexdigest()[:24]}"'
    headers = {"etag": tag, "cache-control": f"private, max-age={KEPT_S}"}
    if tag in _tags(request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    return Response(text, media_type=kind[0], headers=headers)


def export(request: Request) -> Response:
    """Send all that a search finds, as it comes."""
    desk, kind = desk_of(request), request.path_params["kind"]
    if kind not in KINDS:
        raise HTTPException(404)
    asked = read(request.query_params.multi_items())
    query = asking.everything(asked, span(asked.since, asked.until, desk.now(), desk.zone))
    name = f"warraq-{desk.now().astimezone(desk.zone):%Y-%m-%d}.{kind}"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "private, no-store"}
    if request.method == "HEAD":
        return Response(media_type=KINDS[kind], headers=headers)
    documents = desk.library.every(query)
    first = next(documents, None)  # what cannot be asked fails here, while there is still a page to say so
    found = _again(first, documents)
    lines = csv_lines(found, desk.zone) if kind == "csv" else json_lines(found)
    return StreamingResponse(portions(lines), media_type=KINDS[kind], headers=headers)


def feed_of(desk: Desk, followed: Followed, request: Request) -> feeds.Feed:
    """Return the newest articles that a search finds. As long as there is none, it is as old as the wish for it."""
    asked = _asked(followed.query)
    within = span(asked.since, asked.until, desk.now(), desk.zone)
    found = desk.library.hits(replace(asked, sort=Sort.NEWEST, page=1), within)
    base = str(request.base_url).rstrip("/")
    items = tuple(_item(hit, followed.at) for hit in found)
    name = asked.text or " · ".join(value for values in asked.facets.values() for value in values)
    title = upright(f"ورّاق: {name}" if name else "ورّاق")
    return feeds.Feed(title, f"{base}{request.url.path}", f"{base}/?{asked.query_string()}", items, followed.at)


def _item(hit: Mapping[str, Any], since: datetime) -> feeds.Item:
    document = hit["_source"]
    at = datetime.fromisoformat(document.get("published_at") or document.get("fetched_at") or since.isoformat())
    changed = document.get("revised_at") or document.get("modified_at")
    snippets = hit.get("highlight", {}).get("body", [])
    teaser = document.get("summary") or " … ".join(" ".join(one.split()) for one in snippets)
    return feeds.Item(
        id=hit["_id"],
        title=upright(document["title"]),
        url=link(document["url"]),
        at=at,
        changed_at=max(at, datetime.fromisoformat(changed)) if changed else at,
        site=upright(document.get("site") or document.get("host", "")),
        teaser=upright(teaser.replace(MARKS[0], "").replace(MARKS[1], "")),
        language=document.get("language", ""),
        authors=tuple(map(upright, document.get("authors", ()))),
        section=upright(document.get("section", "")),
    )


def _asked(query: str) -> Asked:
    return read(parse_qsl(query)).at(1)


def _followable(query: str, desk: Desk) -> str:
    """Return a search as it is kept. Raises Permanent if no page could show it, or nobody knows its dates."""
    asked = _asked(query)
    span(asked.since, asked.until, desk.now(), desk.zone)
    if len(kept := asked.query_string()) > LONGEST:
        raise Permanent("address_too_long")
    return kept


def _tags(header: str) -> set[str]:
    """Return the tags that a reader has; what packs an answer on its way calls its tag a weak one."""
    return {one.strip().removeprefix("W/") for one in header.split(",")}


def _again(first: Mapping[str, Any] | None, rest: Iterator[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    if first is not None:
        yield first
        yield from rest


ROUTES: Final = [
    Route("/follow", follow, methods=["GET", "POST"]),
    Route("/follow/end", end, methods=["POST"]),
    Route("/feeds/{name}/{format}", feed),
    Route("/export/{kind}", export),
]
