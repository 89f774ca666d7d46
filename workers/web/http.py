"""The web: url -> Page. The only module that opens a connection to the outside.

libcurl, because it checks the address at the socket and has a deadline for the whole transfer. Redirects are followed
here, so that every hop is checked. `handle` has the caps, `answer` what an answer means, `failure` what libcurl's
errors mean.
"""

import io
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

import ada_url
import pycurl
import structlog

from ingest.errors import Permanent
from ingest.model import Page
from ingest.urls import fetchable, mixes_scripts
from workers.web.addresses import refusal, refusal_of_url
from workers.web.answer import Answer, judged
from workers.web.cookies import Cookies
from workers.web.failure import failure
from workers.web.handle import Egress, Limits, configured

log = structlog.get_logger()

NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})
FOR_GOOD: Final = frozenset({301, 308})
BODILESS: Final = frozenset({204, 304})
"""Statuses without a body: what a server sends as one all the same would be taken for the start of the next answer."""
CONDITIONS: Final = frozenset({"if-none-match", "if-modified-since"})
Follow = Callable[[str, str, bool], None]
"""Called with where a redirect comes from, where it leads, and whether it is permanent."""
TRAVELLERS: Final = CONDITIONS | {"accept", "accept-language"}
"""Request headers that a redirect to another origin keeps: a site that moved to https still gets its validators."""


def anywhere(_here: str, _there: str, _for_good: bool) -> None:  # noqa: FBT001  # as Follow has it
    """Let every redirect be followed."""


class Http:
    """Fetches pages, with one libcurl handle per thread so that connections are reused."""

    def __init__(self, way: Egress, allowed: Sequence[str] = (), limits: Limits | None = None) -> None:
        self._way = way
        self._allowed = tuple(allowed)
        self._limits = limits or Limits()
        self._local = threading.local()

    def get(self, url: str, headers: Mapping[str, str] = NO_HEADERS, follow: Follow = anywhere) -> Page:
        """Return the page behind a URL, or a 304 if `headers` carry a condition and it holds.

        `follow` is called for each redirect before its goal is asked, and may raise to stop it. Raises Permanent
        (also as Gone and Blocked) or Transient with the reason.
        """
        asked, sent, ends = fetchable(url), _checked(headers), time.monotonic() + self._limits.total_s
        if "xn--" in asked and mixes_scripts(asked):
            log.warning("host_mixes_scripts", url=asked[:200])
        moved, for_good, cookies = "", True, Cookies()
        for _ in range(self._limits.redirects + 1):
            answer = self._once(asked, sent | cookies.header(asked), ends)
            if answer.status in BODILESS:
                self._forget()
            target = answer.target()
            if not target:
                page = judged(self._page(answer), conditional=bool(CONDITIONS & sent.keys()))
                return replace(page, moved_to=moved)
            for_good = for_good and answer.status in FOR_GOOD
            follow(asked, fetchable(target), for_good)
            cookies.take(asked, answer.lines)
            asked, sent = _next_hop(asked, fetchable(target), sent)
            moved = asked if for_good else moved
        raise Permanent("redirect_limit", f"more than {self._limits.redirects} redirects, the last to {asked[:200]}")

    def _page(self, answer: Answer) -> Page:
        try:
            return answer.page(self._limits.decoded_bytes)
        except Exception:
            self._forget()
            raise

    def _once(self, url: str, headers: Mapping[str, str], ends: float) -> Answer:
        if self._way.proxy and (reason := refusal_of_url(url, self._allowed)):
            raise Permanent(reason, f"{url[:200]} must not be asked of the proxy")
        handle, taken = self._handle(), ResponseBuffer(self._limits)
        handle.setopt(pycurl.URL, url)
        handle.setopt(pycurl.TIMEOUT_MS, max(int((ends - time.monotonic()) * 1000), 1))  # 0 would be no limit at all
        handle.unsetopt(pycurl.HTTPHEADER)  # an empty list would leave the last request's in place
        handle.setopt(pycurl.HTTPHEADER, [f"{name}: {value}" for name, value in headers.items()])
        handle.setopt(pycurl.WRITEFUNCTION, taken.body)
        handle.setopt(pycurl.HEADERFUNCTION, taken.header)
        handle.setopt(pycurl.OPENSOCKETFUNCTION, self._opener(taken))
        try:
            handle.perform()
        except pycurl.error as error:
            named = failure(url, error, handle, taken.stopped, begun=bool(taken.lines))
            self._forget()
            raise named from error
        return Answer(url, handle.getinfo(pycurl.RESPONSE_CODE), taken.lines, taken.raw.getvalue(), datetime.now(UTC))

    def _handle(self) -> pycurl.Curl:
        handle: pycurl.Curl | None = getattr(self._local, "handle", None)
        if handle is None:
            handle = self._local.handle = configured(self._way, self._limits)
        return handle

    def _forget(self) -> None:
        """Close this thread's connections: after a failure nobody knows what may still arrive on them."""
        self._local.handle.close()
        del self._local.handle

    def _opener(self, taken: "ResponseBuffer") -> Callable[[int, Any], Any]:
        """Check the address that is really connected to, after DNS, which leaves no gap for rebinding.

        One refusal ends the fetch: a name with a public and an inner address gets no second try.
        """

        def open_socket(_purpose: int, curl_address: Any) -> Any:  # noqa: ANN401  # pycurl's own types
            family, kind, protocol, address = curl_address
            host, port = address[0], address[1]
            text = host.decode() if isinstance(host, bytes) else host
            if not self._way.proxy and not taken.stopped:  # a configured proxy may stand anywhere
                taken.stopped = refusal(text, port, self._allowed)
            return pycurl.SOCKET_BAD if taken.stopped else _Socket(family, kind, protocol)

        return open_socket


class _Socket(socket.socket):
    """A socket for libcurl, which duplicates the descriptor; ours closes silently when it is garbage-collected."""

    def __del__(self) -> None:
        self.close()


class ResponseBuffer:
    """The part of an answer received so far; `stopped` names the limit it exceeded, or the refused address."""

    def __init__(self, limits: Limits) -> None:
        self.lines: list[bytes] = []
        self.raw = io.BytesIO()
        self.stopped = ""
        self._lines_left, self._header_left, self._raw_left = limits.header_lines, limits.header_bytes, limits.raw_bytes

    def header(self, line: bytes) -> int:
        """Take one header line; -1 tells libcurl to stop."""
        self._lines_left -= 1
        self._header_left -= len(line)
        if min(self._lines_left, self._header_left) < 0:
            self.stopped = "headers_too_large"
            return -1
        self.lines.append(line)
        return len(line)

    def body(self, data: bytes) -> int:
        """Take a piece of the body; -1 tells libcurl to stop."""
        self._raw_left -= len(data)
        if self._raw_left < 0:
            self.stopped = "too_large"
            return -1
        return self.raw.write(data)


def _checked(headers: Mapping[str, str]) -> dict[str, str]:
    """Return request headers with lower-case names. Raises ValueError for one that would corrupt the request."""
    for name, value in headers.items():
        if not name.isascii() or not (name + value).isprintable() or ":" in name:
            raise ValueError(f"no header: {name!r}: {value!r}")
    return {name.lower(): value for name, value in headers.items()}


def _next_hop(here: str, there: str, headers: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Return the next URL and what may be sent to it: credentials and cookies stay at their origin."""
    old, new = ada_url.URL(here), ada_url.URL(there)
    if old.protocol == "https:" and new.protocol == "http:":
        _leaves_https(old.host, new.host)
    if old.origin == new.origin:
        return there, headers
    return there, {name: value for name, value in headers.items() if name in TRAVELLERS}


@lru_cache(maxsize=1_000)  # said once: old sites do so with each of their articles
def _leaves_https(host: str, target: str) -> None:
    log.warning("redirect_leaves_https", host=host, target=target)
