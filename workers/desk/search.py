"""The page of results, and what completes a search that is being typed."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ingest.desk.asked import PAGES, read
from ingest.desk.completions import completions
from ingest.desk.words import cleaned
from ingest.errors import Permanent
from workers.desk.desk import desk_of
from workers.desk.page import message, render
from workers.desk.results import results

QUICK: Final = (("today", "today"), ("yesterday", "yesterday"), ("7d", "week"), ("30d", "month"))
"""Spans that are a click away, and what they are called."""


def search(request: Request) -> Response:
    """Show what a search finds; without words, the newest articles."""
    asked = read(request.query_params.multi_items())
    if asked.page > PAGES:
        return message(request, "too_deep", 400)
    found = results(desk_of(request), asked)
    return render(request, "search.html", asked=asked, found=found, quick=QUICK, pages=PAGES)


def suggest(request: Request) -> Response:
    """Return the options of the search field's list."""
    try:
        typed = cleaned(request.query_params.get("q", ""))
    except Permanent:
        typed = ""
    titles = desk_of(request).library.headlines(typed) if typed else []
    return render(request, "suggest.html", options=completions(typed, titles))


ROUTES: Final = [Route("/", search), Route("/suggest", suggest)]
