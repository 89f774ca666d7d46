"""Around everything: no request larger than a person sends, and headers that forbid a page what it does not need."""

from typing import Final

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from workers.desk.page import message

log = structlog.get_logger()

ADDRESS_BYTES: Final = 8 * 1024
HEADERS: Final = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}


class Wall:
    """Middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what is too long; add the headers; of what fails, say so."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        begun = False

        async def guarded(answer: Message) -> None:
            nonlocal begun
            begun = True
            if answer["type"] == "http.response.start":
                headers = MutableHeaders(scope=answer)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("cache-control", "private, no-cache")
            await send(answer)

        too_long = len(scope["raw_path"]) + len(scope["query_string"]) > ADDRESS_BYTES
        answering = message(Request(scope), "address_too_long", 414) if too_long else self._app
        try:
            await answering(scope, receive, guarded)
        except Exception:
            log.exception("page_failed", path=scope["path"])
            if begun:
                raise
            await message(Request(scope), "broken", 500)(scope, receive, guarded)
