"""Sessions: a signed cookie with the role and a nonce that the session's forms must know. No store."""

import hmac
from dataclasses import dataclass
from secrets import token_hex
from typing import Final

from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import Response

from workers.desk.desk import ROLES, Desk

COOKIE: Final = "warraq"
LASTS_S: Final = 30 * 86_400


@dataclass(frozen=True, slots=True)
class Session:
    """Who asks; nobody has signed in where the role is ''."""

    role: str = ""
    nonce: str = ""

    @property
    def edits(self) -> bool:
        """Whether the editor has signed in."""
        return self.role == "editor"


def session_of(request: Request, desk: Desk) -> Session:
    """Return the session of a request; a new one without a role if its cookie is not ours, or too old."""
    try:
        role, nonce = _signer(desk).loads(request.cookies.get(COOKIE, ""), max_age=LASTS_S)
    except (BadData, ValueError, TypeError):
        return new_session("")
    return Session(role if role in ROLES else "", nonce)


def new_session(role: str) -> Session:
    """Return a session whose forms nobody knows yet: signing in and out begin one, so that none is planted before."""
    return Session(role, token_hex(16))


def keep(response: Response, request: Request, session: Session, desk: Desk) -> Response:
    """Have the browser keep a session; over HTTPS it sends the cookie nowhere else."""
    response.set_cookie(
        COOKIE,
        str(_signer(desk).dumps([session.role, session.nonce])),
        max_age=LASTS_S,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
    return response


def role_of(desk: Desk, name: str, password: str) -> str:
    """Return the role that a name and a password open, or ''."""
    right = desk.passwords.get(name, "")
    return name if right and hmac.compare_digest(right.encode(), password.encode()) else ""


def form_token(request: Request, desk: Desk) -> str:
    """Return what a form of this session must send; another one each time, so that packed pages do not tell it."""
    salt = token_hex(8)
    return f"{salt}.{_mac(desk, salt, request.state.session.nonce)}"


def is_token(text: str, request: Request, desk: Desk) -> bool:
    """Return whether a text is what a form of this session sends."""
    salt, _, mac = text.partition(".")
    return hmac.compare_digest(mac.encode(), _mac(desk, salt, request.state.session.nonce).encode())


def _mac(desk: Desk, salt: str, nonce: str) -> str:
    return hmac.new(desk.key.encode(), f"form {salt} {nonce}".encode(), "sha256").hexdigest()


def _signer(desk: Desk) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(desk.key, salt="session")
