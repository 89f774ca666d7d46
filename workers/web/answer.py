"""From a response to a Page, or to the exception that names the failure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

import ada_url

from ingest.errors import Blocked, Gone, Permanent, Transient, WarraqError
from ingest.inflate import inflate
from ingest.model import Page

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
LATER: Final = frozenset({408, 425, 429, 500, 502, 503, 504, 507, 509, *range(520, 531), 598, 599})
"""Statuses that may pass with time, those of CDNs whose origin is away among them; every other 4xx and 5xx is final."""
GONE: Final = frozenset({404, 410})
UNWELCOME: Final = frozenset({401, 403, 407, 451})
RETRY_AFTER_CAP_S: Final = 86_400.0
CHALLENGES: Final = (
    b"<title>Just a moment...</title>",  # Cloudflare
    b"<title>Attention Required! | Cloudflare</title>",
    b'src="/_Incapsula_Resource?',  # Imperva
    b"captcha-delivery.com/",  # DataDome
    b'id="px-captcha"',  # PerimeterX
    b"<title>DDoS-Guard</title>",
    b"/.well-known/sgcaptcha/",  # SiteGround
    b"sucuri_cloudproxy_js",
)
CHALLENGE_BYTES: Final = 20_000
"""Challenge pages are shorter than this; a longer page with such a script is an article behind the same firewall."""
PAUSE: Final = re.compile(
    r"\s*[\"']?\+?([0-9]{1,30}(?:[.,][0-9]{1,15}|\.)?|\.[0-9]{1,15})\s*"
    r"(s(?:ec(?:ond)?s?)?|m(?:in(?:ute)?s?)?|h(?:ours?)?|d(?:ays?)?)?[\"']?\s*(?:[;,](?:\s.*)?)?",
    re.IGNORECASE,
)
UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
SINCE_1970: Final = 1e9
"""Seconds that are no pause but a time (2001 is past)."""
ISO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-")
MARKED: Final = re.compile(rb"^(?:\xe2\x80[\x8b-\x8f\xaa-\xae]|\xe2\x81[\xa0-\xaf]|\xef\xbb\xbf)+")
"""Marks without a glyph before a redirect's goal would make it relative."""
NOT_ASCII: Final = re.compile(rb"[^\x21-\x7e]")


@dataclass(frozen=True, slots=True)
class Answer:
    """One response as it came over the wire."""

    url: str
    status: int
    lines: Sequence[bytes]
    """Header lines of this response and of the interim (1xx) ones before it."""
    raw: bytes
    at: datetime

    def page(self, most: int) -> Page:
        """Return it as a Page, decoded to at most `most` bytes. Raises as `inflate`, and Transient `protocol`."""
        headers = self._headers()
        names = [name.lower() for name, _ in headers]
        if "content-length" in names and "transfer-encoding" in names:  # RFC 9112, 6.3: may be an attack on the framing
            raise Transient("protocol", f"{self.url[:200]} sent both Content-Length and Transfer-Encoding")
        coding = ", ".join(value for name, value in headers if name.lower() == "content-encoding")
        body = inflate(self.raw, coding, most) if self.status == HTTPStatus.OK else b""
        return Page(self.url, self.status, headers, body, self.at)

    def target(self) -> str:
        """Return where it redirects to, absolute, or ''. Raises Permanent (`url_invalid`)."""
        location = next((line for line in self._last() if line[:9].lower() == b"location:"), b"")[9:].strip()
        if self.status not in REDIRECTS or not location:
            return ""
        location = MARKED.sub(b"", location)
        escaped = NOT_ASCII.sub(lambda byte: b"%%%02X" % byte[0][0], location).decode("ascii")  # bytes, as browsers do
        try:
            return str(ada_url.URL(escaped, base=self.url).href)
        except ValueError as error:
            raise Permanent("url_invalid", f"{self.url[:200]} redirects to {escaped[:200]!r}") from error

    def _last(self) -> Sequence[bytes]:
        start = max((i for i, line in enumerate(self.lines) if line.startswith(b"HTTP/")), default=0)
        return self.lines[start + 1 :]

    def _headers(self) -> tuple[tuple[str, str], ...]:
        pairs = (line.decode("utf-8", "replace").strip().partition(":") for line in self._last())
        return tuple((name.strip(), value.strip()) for name, colon, value in pairs if colon)


def judged(page: Page, *, conditional: bool) -> Page:
    """Return a good page, or a 304 to a conditional request. Raises Gone, Blocked, Permanent or Transient."""
    if page.header("cf-mitigated").lower() == "challenge" or _is_challenge(page.body):
        raise Blocked("challenge", f"{page.url[:200]} wants to see a browser, or a person")
    if page.status == HTTPStatus.NOT_MODIFIED and not conditional:
        raise Transient("protocol", f"{page.url[:200]} answered 304 to an unconditional request")
    if page.status not in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
        raise _failure(page)
    if page.status == HTTPStatus.OK and not page.body.strip():
        raise Transient("empty_page", page.url)
    return page


def _failure(page: Page) -> WarraqError:
    reason, answered = f"http_{page.status}", f"{page.url[:200]} answered {page.status}"
    if page.status in LATER:
        return Transient(reason, answered, retry_after_s=_retry_after_s(page.header("Retry-After"), page.fetched_at))
    kind = Gone if page.status in GONE else Blocked if page.status in UNWELCOME else Permanent
    return kind(reason, answered)


def _is_challenge(body: bytes) -> bool:
    return len(body) <= CHALLENGE_BYTES and any(mark in body for mark in CHALLENGES)


def _retry_after_s(value: str, now: datetime) -> float:
    """Return the seconds of a Retry-After (RFC 9110, 10.2.3: seconds or a date), at most a day.

    Fractions of seconds, a unit behind them, the seconds since 1970 and ISO 8601 are no standard, but sent.
    """
    if pause := PAUSE.fullmatch(value):
        seconds = float(pause[1].replace(",", ".")) * UNITS[(pause[2] or "s")[0].lower()]
        return min(max(seconds - now.timestamp(), 0.0) if seconds > SINCE_1970 else seconds, RETRY_AFTER_CAP_S)
    try:
        at = datetime.fromisoformat(value) if ISO.match(value) else parsedate_to_datetime(value)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return min(max((at - now).total_seconds(), 0.0), RETRY_AFTER_CAP_S)
    except (ValueError, TypeError, OverflowError):
        return 0.0
