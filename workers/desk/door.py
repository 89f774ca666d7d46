"""Who is let in: every page is closed but those of OPEN, every form is the editor's but those of READERS."""

from typing import Final
from urllib.parse import parse_qsl, quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from workers.desk.desk import Desk
from workers.desk.page import message
from workers.desk.session import is_token, session_of

FORM_BYTES: Final = 64 * 1024
OPEN: Final = ("/login", "/health", "/static/", "/feeds/", "/preferences")
"""What needs no session; the addresses of feeds carry their own signature."""
READERS: Final = ("/login", "/logout", "/preferences", "/follow")
"""Forms that do not need the editor's password."""
SAFE: Final = {"GET", "HEAD"}


class Door:
    """Middleware: knows the session, and lets in only those who may."""

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self._app = app
        self._desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on what may pass, with its session and its form."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        request.state.session = session_of(request, self._desk)
        refusal = _closed(request) if request.method in SAFE else await self._refused_form(request)
        await (refusal or self._app)(scope, receive, send)

    async def _refused_form(self, request: Request) -> Response | None:
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > FORM_BYTES:
                return message(request, "too_large", 413)
        request.state.form = form_of(body)
        if _is_foreign(request) or not is_token(request.state.form.get("token", ""), request, self._desk):
            return message(request, "stale_form", 403)
        if not request.state.session.role and not _under(request, OPEN):
            return to_login(request)
        if not request.state.session.edits and not _under(request, READERS):
            return message(request, "editors_only", 403)
        return None


def form_of(body: bytes) -> dict[str, str]:
    """Return the fields of a form; none if they are more than any form of ours has."""
    try:
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=100))
    except ValueError:
        return {}


def to_login(request: Request) -> Response:
    """Send somebody to the page where one signs in, and back afterwards."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    back = "" if here == "/" or request.method not in SAFE else f"?next={quote(here)}"
    return RedirectResponse(f"/login{back}", 303)


def own_path(text: str) -> str:
    """Return an address of this site as it is, `/` for any other: nobody is sent elsewhere."""
    fits = text.startswith("/") and not text.startswith("//") and text.isprintable() and "\\" not in text
    return text if fits else "/"  # browsers take any number of slashes for the beginning of a host


def _closed(request: Request) -> Response | None:
    return None if request.state.session.role or _under(request, OPEN) else to_login(request)


def _under(request: Request, paths: tuple[str, ...]) -> bool:
    path = request.url.path
    return any(path == one or path.startswith(one if one.endswith("/") else f"{one}/") for one in paths)


def _is_foreign(request: Request) -> bool:
    """Return whether a browser says that another site sends the form.

    What it says in `Sec-Fetch-Site` is its own judgement; a proxy may have changed the host that an origin is held to.
    """
    if site := request.headers.get("sec-fetch-site", ""):
        return site not in {"same-origin", "none"}
    origin = request.headers.get("origin", "")
    return origin not in {"", "null"} and origin.partition("://")[2] != request.headers.get("host", "")
