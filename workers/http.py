"""The web: url -> Page. The only module that opens a connection to the outside.

libcurl, because it checks the address at the socket, has a deadline for the whole transfer, and stops a
decompression bomb at the size cap. Redirects are followed by hand, so that every hop is checked.
"""

import io
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urljoin

import pycurl

from ingest.errors import Permanent, Transient
from ingest.model import Page
from ingest.urls import fetchable
from workers.addresses import may_connect

CONNECT_S: Final = 10
TOTAL_S: Final = 30
SLOW_BYTES_S: Final = 200
SLOW_FOR_S: Final = 10
MAX_BYTES: Final = 10 * 2**20
"""Decoded bytes of a page; the longest news pages have 2-3 MB."""
MAX_REDIRECTS: Final = 5
NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
FOR_GOOD: Final = frozenset({301, 308})
NOT_MODIFIED: Final = 304
LATER: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses that pass; every other 4xx and 5xx is an answer."""


class Http:
    """Fetches pages. One libcurl handle per thread, so that a host's connection is used again."""

    def __init__(self, user_agent: str, allowed: Sequence[str] = ()) -> None:
        self._user_agent = user_agent
        self._allowed = tuple(allowed)
        self._local = threading.local()

    def get(self, url: str, headers: Mapping[str, str] = NO_HEADERS) -> Page:
        """Return the page behind a URL; its status is 304 only where a header asked for that.

        Raises Permanent or Transient with the reason.
        """
        moved, for_good = "", True
        for _ in range(MAX_REDIRECTS + 1):
            page = self._once(fetchable(url), headers)
            if page.status not in REDIRECTS or not page.header("Location"):
                return replace(_judged(page, conditional=bool(headers)), moved_to=moved)
            url = urljoin(url, page.header("Location"))
            for_good = for_good and page.status in FOR_GOOD
            moved = url if for_good else moved
        raise Permanent("redirect_limit", f"more than {MAX_REDIRECTS} redirects, the last to {url[:200]}")

    def _once(self, url: str, headers: Mapping[str, str]) -> Page:
        handle, body, lines = self._handle(), _Capped(MAX_BYTES), list[bytes]()
        refused: list[str] = []
        handle.setopt(pycurl.URL, url)
        handle.unsetopt(pycurl.HTTPHEADER)  # an empty list would leave the last request's
        handle.setopt(pycurl.HTTPHEADER, [f"{name}: {value}" for name, value in headers.items()])
        handle.setopt(pycurl.WRITEFUNCTION, body.write)
        handle.setopt(pycurl.HEADERFUNCTION, lines.append)
        handle.setopt(pycurl.OPENSOCKETFUNCTION, self._opener(refused))
        try:
            handle.perform()
        except pycurl.error as error:
            raise _failure(url, error, refused, full=body.full) from error
        return Page(url, handle.getinfo(pycurl.RESPONSE_CODE), _headers(lines), body.getvalue(), datetime.now(UTC))

    def _handle(self) -> pycurl.Curl:
        handle: pycurl.Curl | None = getattr(self._local, "handle", None)
        if handle is None:
            handle = pycurl.Curl()
            for option, value in self._options():
                handle.setopt(option, value)
            self._local.handle = handle  # only now: a half-configured handle must never be used again
        return handle

    def _options(self) -> tuple[tuple[int, Any], ...]:
        return (
            (pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS),
            (pycurl.USERAGENT, self._user_agent),
            (pycurl.ACCEPT_ENCODING, "gzip, deflate, br"),
            (pycurl.CONNECTTIMEOUT, CONNECT_S),
            (pycurl.TIMEOUT, TOTAL_S),
            (pycurl.LOW_SPEED_LIMIT, SLOW_BYTES_S),
            (pycurl.LOW_SPEED_TIME, SLOW_FOR_S),
            (pycurl.MAXFILESIZE, MAX_BYTES),
            (pycurl.NOPROXY, "*"),
            (pycurl.NOSIGNAL, 1),
        )

    def _opener(self, refused: list[str]) -> Callable[[int, Any], Any]:
        """Check the address that is really connected to, after DNS: there is no gap for a rebinding."""

        def open_socket(_purpose: int, curl_address: Any) -> Any:  # noqa: ANN401  # pycurl's own types
            family, kind, protocol, address = curl_address
            host, port = address[0], address[1]
            text = host.decode() if isinstance(host, bytes) else host
            if may_connect(text, port, self._allowed):
                return _Socket(family, kind, protocol)
            refused.append(f"{text}:{port}")
            return pycurl.SOCKET_BAD

        return open_socket


class _Socket(socket.socket):
    """A socket for libcurl, which duplicates its descriptor: ours closes, without a warning, when it is forgotten."""

    def __del__(self) -> None:
        self.close()


class _Capped(io.BytesIO):
    """Takes bytes up to a limit; then tells libcurl to stop."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._room = limit
        self.full = False

    def write(self, data: Any, /) -> int:  # noqa: ANN401  # bytes, as libcurl hands them over
        self._room -= len(data)
        self.full = self._room < 0
        return -1 if self.full else super().write(data)


def _headers(lines: Sequence[bytes]) -> tuple[tuple[str, str], ...]:
    """Return the headers of the last response (a 100 Continue may stand before it)."""
    texts = [line.decode("utf-8", "replace").strip() for line in lines]
    start = max((i for i, text in enumerate(texts) if text.startswith("HTTP/")), default=0)
    pairs = (text.partition(":") for text in texts[start + 1 :] if ":" in text)
    return tuple((name.strip(), value.strip()) for name, _, value in pairs)


def _judged(page: Page, *, conditional: bool) -> Page:
    if page.status == NOT_MODIFIED and conditional:
        return page
    answered = f"{page.url} answered {page.status}"
    if page.status in LATER:
        pause = _retry_after_s(page.header("Retry-After"), page.fetched_at)
        raise Transient(f"http_{page.status}", answered, retry_after_s=pause)
    if page.status != 200:  # noqa: PLR2004  # 200 OK is the one good answer to a plain GET
        raise Permanent(f"http_{page.status}", answered)
    if not page.body.strip():
        raise Transient("empty_page", page.url)
    return page


def _retry_after_s(value: str, now: datetime) -> float:
    """Return the seconds of a Retry-After (RFC 9110, 10.2.3: seconds or a date), at most a day."""
    if value.isdigit():
        return min(float(value), 86_400.0)
    try:
        return min(max((parsedate_to_datetime(value) - now).total_seconds(), 0.0), 86_400.0)
    except (ValueError, TypeError):
        return 0.0


_REASONS: Final = {
    pycurl.E_COULDNT_RESOLVE_HOST: "dns",
    pycurl.E_COULDNT_CONNECT: "connect",
    pycurl.E_OPERATION_TIMEDOUT: "timeout",
    pycurl.E_PARTIAL_FILE: "incomplete",
    pycurl.E_GOT_NOTHING: "incomplete",
    pycurl.E_RECV_ERROR: "incomplete",
    pycurl.E_BAD_CONTENT_ENCODING: "encoding",
    pycurl.E_SSL_CONNECT_ERROR: "tls",
    pycurl.E_PEER_FAILED_VERIFICATION: "tls_untrusted",
}
_FOR_GOOD: Final = frozenset({"tls_untrusted", "encoding"})


def _failure(url: str, error: pycurl.error, refused: list[str], *, full: bool) -> Permanent | Transient:
    code, message = int(error.args[0]), error.args[1] if len(error.args) > 1 else ""
    if refused:
        return Permanent("address_blocked", f"{url[:200]} leads to {refused[0]}, which is not public")
    if full or code == pycurl.E_FILESIZE_EXCEEDED:
        return Permanent("too_large", f"{url[:200]} has more than {MAX_BYTES} bytes")
    reason = _REASONS.get(code, "protocol")
    kind = Permanent if reason in _FOR_GOOD else Transient
    return kind(reason, f"{url[:200]}: {message} (curl {code})")
