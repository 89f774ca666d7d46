"""A template filled in: in the reader's language, digits and theme."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, partial
from typing import Any, Final, cast

from jinja2 import Environment, PackageLoader
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ingest.desk import when
from ingest.desk.asked import Asked
from ingest.desk.citation import citation, issue, link
from ingest.desk.numbers import Digits, Language, counted, in_digits, written
from ingest.desk.upright import upright
from workers.desk import assets
from workers.desk.columns import columns
from workers.desk.desk import desk_of
from workers.desk.session import form_token
from workers.desk.strings import COUNTED, LANGUAGES, STRINGS
from workers.store.articles import MARKS

PREFERENCES: Final = "desk"
THEMES: Final = ("auto", "light", "dark")


@dataclass(frozen=True, slots=True)
class Preferences:
    """How a reader wants pages."""

    language: Language = "ar"
    digits: Digits = "latn"
    theme: str = "auto"

    def cookie(self) -> str:
        """Return the value of the cookie that keeps them."""
        return f"{self.language}.{self.digits}.{self.theme}"


def preferences(request: Request) -> Preferences:
    """Return what the reader has set, else the first language of the browser that the desk has."""
    return preferences_of(request.cookies.get(PREFERENCES, ""), request)


def preferences_of(cookie: str, request: Request) -> Preferences:
    """Return the preferences that a cookie's value keeps; what it does not say, or says wrongly, is as usual."""
    language, digits, theme = ([*cookie.split("."), "", "", ""])[:3]
    if language not in {"ar", "en"}:
        language = _preferred(request.headers.get("accept-language", ""))
    return Preferences(
        cast("Language", language),
        "arab" if digits == "arab" else "latn",
        theme if theme in THEMES else "auto",
    )


def render(request: Request, template: str, status: int = 200, **values: Any) -> Response:  # noqa: ANN401  # a template's
    """Return a page."""
    mine = preferences(request)
    made = _environment().get_template(template).render(_shared(request, mine) | values).encode("utf-8", "replace")
    return HTMLResponse(made, status, headers={"content-language": mine.language, "vary": "accept-language, cookie"})


def message(request: Request, what: str, status: int, **values: str) -> Response:
    """Return a page that says what was wrong, and what to do."""
    return render(request, "message.html", status, what=what, values=values)


def _shared(request: Request, mine: Preferences) -> dict[str, Any]:
    """Return what every template may use."""
    session = getattr(request.state, "session", None)
    desk = desk_of(request) if "app" in request.scope else None
    shared: dict[str, Any] = {
        "request": request,
        "mine": mine,
        "here": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        "session": session,
        "t": partial(text, mine),
        "n": partial(_number, mine.digits),
        "count": partial(_counted, mine),
        "columns": partial(columns, language=mine.language, digits=mine.digits),
        "tongue": partial(_tongue, mine.language),
        "asset": assets.address,
        "token": partial(form_token, request, desk) if desk and session else None,
    }
    if desk is None:
        return shared
    cite = partial(citation, zone=desk.zone)
    return shared | {"time": _times(desk.now(), desk.zone, mine), "cite": cite}


def text(mine: Preferences, word: str, /, **values: object) -> str:
    """Return one of the desk's words; what is put into it stays as it is."""
    return in_digits(STRINGS[word][0 if mine.language == "ar" else 1], mine.digits).format(**values)


def marked(text_: str) -> Markup:
    """Return a text with what matched in <mark>, and everything else harmless."""
    return Markup(str(escape(text_)).replace(MARKS[0], "<mark>").replace(MARKS[1], "</mark>"))  # noqa: S704  # escaped before


def _number(digits: Digits, number: float | str) -> str:
    return in_digits(number, digits) if isinstance(number, str) else written(number, digits)


def _counted(mine: Preferences, number: int, noun: str) -> str:
    return counted(number, COUNTED[noun][mine.language], mine.language, mine.digits)


def _tongue(language: Language, code: str) -> str:
    """Return the name of a language by its code: `ar-EG` is Arabic of EG."""
    base, _, region = code.partition("-")
    name = LANGUAGES[base.lower()][0 if language == "ar" else 1] if base.lower() in LANGUAGES else base
    return f"{name} ({region})" if region else name


def _without(asked: Asked, name: str) -> Asked:
    return replace(asked, page=1, **{name: False})  # type: ignore[arg-type]  # one of its flags


def _times(now: datetime, zone: Any, mine: Preferences) -> Callable[..., Markup]:  # noqa: ANN401  # a tzinfo
    def time(at: datetime, *, full: bool = False, dated: bool = False) -> Markup:
        """Return a time in words, with the exact one on hover; `dated`: only its day was written."""
        exact = when.exact(at, zone, mine.language, mine.digits, dated=dated)
        words = (
            when.day(at.date(), mine.language, mine.digits)
            if dated
            else when.ago(at, now, zone, mine.language, mine.digits)
        )
        return Markup('<time datetime="{}" title="{}">{}</time>').format(
            at.isoformat(), exact, exact if full else words
        )

    return time


def _preferred(header: str) -> str:
    """Return `ar` or `en`, whichever a browser's Accept-Language names first; `ar` if it names neither."""
    ranked: list[tuple[float, int, str]] = []
    for place, part in enumerate(header.split(",")[:20]):
        code, _, weight = part.strip().partition(";q=")
        language = code[:2].lower()
        if language in {"ar", "en"}:
            ranked.append((-_weight(weight), place, language))
    return min(ranked)[2] if ranked else "ar"


def _weight(text_: str) -> float:
    try:
        return float(text_ or "1")
    except ValueError:
        return 0.0


def _upright(value: Any) -> Any:  # noqa: ANN401  # whatever a template prints
    """Return a text without what reaches beyond its own line; Markup stays what it is."""
    return type(value)(upright(value)) if isinstance(value, str) and not value.isascii() else value


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("workers.desk"),
        autoescape=True,
        auto_reload=False,
        finalize=_upright,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["marked"] = marked
    made.globals |= {"link": link, "issue": issue, "without": _without}
    return made
