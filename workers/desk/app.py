"""The application: its routes, and what is said when something fails."""

from typing import Final

import structlog
from elastic_transport import TransportError
from elasticsearch import ApiError
from redis.exceptions import RedisError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ingest.errors import Permanent
from workers.desk import article, assets, follow, login, orders, search, sources, today
from workers.desk.answers import LibraryError
from workers.desk.desk import Desk
from workers.desk.door import Door
from workers.desk.page import message
from workers.desk.strings import STRINGS
from workers.desk.wall import Wall

log = structlog.get_logger()

EXAMPLES: Final = {"bad_date": "2026-07-01 - 7d", "bad_url": "https://example.org"}


async def health(_: Request) -> Response:
    """Answer whoever asks whether the process lives."""
    return PlainTextResponse("ok\n")


ROUTES: Final = [
    Route("/health", health),
    *assets.ROUTES,
    *login.ROUTES,
    *search.ROUTES,
    *article.ROUTES,
    *follow.ROUTES,
    *today.ROUTES,
    *sources.ROUTES,
    *orders.ROUTES,
]


def application(desk: Desk) -> Starlette:
    """Return the desk's application."""
    app = Starlette(
        routes=ROUTES,
        middleware=[
            Middleware(Wall),
            Middleware(GZipMiddleware, minimum_size=1000, compresslevel=6),
            Middleware(Door, desk=desk),
        ],
        exception_handlers={
            HTTPException: _refused,  # type: ignore[dict-item]  # Starlette hands each handler its own kind
            Permanent: _misunderstood,
            TransportError: _away,
            ApiError: _away,
            LibraryError: _away,
            RedisError: _away,
        },
    )
    app.state.desk = desk
    return app


def _refused(request: Request, error: HTTPException) -> Response:
    what = {404: "not_found", 405: "not_found"}.get(error.status_code, "broken")
    answer = message(request, what, error.status_code)
    answer.headers.update(error.headers or {})
    return answer


def _misunderstood(request: Request, error: Exception) -> Response:
    reason = getattr(error, "reason", "")
    if f"title_{reason}" not in STRINGS:
        reason = "bad_url" if reason.startswith("url") else "broken"
    return message(request, reason, 400, example=EXAMPLES.get(reason, ""))


def _away(request: Request, error: Exception) -> Response:
    log.warning("service_away", path=request.url.path, error=str(error)[:200])
    return message(request, "away", 503)
