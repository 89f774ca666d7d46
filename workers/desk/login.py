"""Signing in and out, and how a reader wants pages."""

from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ingest.desk.numbers import counted
from ingest.desk.when import SOON
from workers.desk.desk import desk_of
from workers.desk.door import own_path
from workers.desk.limiter import visitor
from workers.desk.page import PREFERENCES, Preferences, message, preferences, preferences_of, render
from workers.desk.session import keep, new_session, role_of

YEAR_S: Final = 365 * 86_400


def login(request: Request) -> Response:
    """Ask for the password, or take it."""
    desk, form = desk_of(request), getattr(request.state, "form", {})
    back = own_path(form.get("next", request.query_params.get("next", "/")))
    session = request.state.session
    if request.method != "POST":
        return keep(render(request, "login.html", back=back, wrong=False), request, session, desk)
    who = visitor(request.client.host if request.client else "")
    if wait := desk.limiter.attempt(who):
        refused = message(request, "too_often", 429, when=_in_minutes(wait // 60 + 1, preferences(request)))
        refused.headers["retry-after"] = str(wait)
        return refused
    role = role_of(desk, form.get("name", ""), form.get("password", ""))
    if not role:
        return render(request, "login.html", 401, back=back, wrong=True)
    desk.limiter.succeeded(who)
    return keep(RedirectResponse(back, 303), request, new_session(role), desk)


def _in_minutes(minutes: int, mine: Preferences) -> str:
    return counted(minutes, SOON[mine.language], mine.language, mine.digits)


def logout(request: Request) -> Response:
    """Forget who it is."""
    return keep(RedirectResponse("/login", 303), request, new_session(""), desk_of(request))


def prefer(request: Request) -> Response:
    """Keep one preference, and return to the page from which it was set."""
    form, mine = request.state.form, preferences(request)
    language, digits, theme = (form.get(name, getattr(mine, name)) for name in ("language", "digits", "theme"))
    chosen = preferences_of(f"{language}.{digits}.{theme}", request)
    answer = RedirectResponse(own_path(form.get("next", "/")), 303)
    answer.set_cookie(
        PREFERENCES, chosen.cookie(), YEAR_S, secure=request.url.scheme == "https", httponly=True, samesite="lax"
    )
    return answer


ROUTES: Final = [
    Route("/login", login, methods=["GET", "POST"]),
    Route("/logout", logout, methods=["POST"]),
    Route("/preferences", prefer, methods=["POST"]),
]
