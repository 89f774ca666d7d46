"""The caps of a fetch, and the libcurl handle that holds them."""

from dataclasses import dataclass
from typing import Any, Final

import certifi
import pycurl

from ingest.inflate import ASKED

RECEIVED_AT_ONCE: Final = 128 * 2**10
"""Bytes of libcurl's buffer: fewer calls into Python for a large page."""
QUICK_EXIT: Final = 322
"""CURLOPT_QUICK_EXIT, which pycurl has no name for: closing a handle does not wait for a name server that is silent."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one answer may cost; times in seconds, sizes in bytes."""

    connect_s: float = 10
    """Name, TCP and TLS together."""
    total_s: float = 30
    """All redirects together."""
    slow_for_s: int = 15
    """So long nothing may come, before the first byte or after it, or fewer than `slow_bytes_s` a second."""
    slow_bytes_s: int = 200
    header_lines: int = 100
    """Of all the responses that make up one answer: a flood of `100 Continue` counts too."""
    header_bytes: int = 64 * 2**10
    raw_bytes: int = 10 * 2**20
    """As they travel; the longest news pages have 2-3 MB without compression."""
    decoded_bytes: int = 20 * 2**20
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Egress:
    """How the outside is reached."""

    user_agent: str
    proxy: str = ""
    """URL of an egress proxy; it resolves the names, and has to refuse those that lead inside."""
    ca_file: str = ""
    """Certificates to trust instead of Mozilla's, which certifi carries."""
    pinned: tuple[str, ...] = ()
    """libcurl's CURLOPT_RESOLVE lines, `host:port:address[,address]`: names that DNS is not asked for."""


def configured(way: Egress, limits: Limits) -> pycurl.Curl:
    """Return a new handle. Nothing is read from the environment: no proxy, no .netrc; cookies are off."""
    handle = pycurl.Curl()
    for option, value in _options(way, limits):
        handle.setopt(option, value)
    return handle


def _options(way: Egress, limits: Limits) -> tuple[tuple[int, Any], ...]:
    return (
        (pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS),
        (pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1),
        (pycurl.HTTP09_ALLOWED, 0),
        (pycurl.SSLVERSION, pycurl.SSLVERSION_TLSv1_2),
        (pycurl.CAINFO, way.ca_file or certifi.where()),
        (pycurl.USERAGENT, way.user_agent),
        (pycurl.ACCEPT_ENCODING, ASKED),
        (pycurl.HTTP_CONTENT_DECODING, 0),  # `ingest.inflate` does it: libcurl does not notice a cut gzip stream
        (pycurl.CONNECTTIMEOUT_MS, int(limits.connect_s * 1000)),
        (pycurl.LOW_SPEED_LIMIT, limits.slow_bytes_s),
        (pycurl.LOW_SPEED_TIME, limits.slow_for_s),
        (pycurl.MAXFILESIZE, limits.raw_bytes),
        (pycurl.BUFFERSIZE, RECEIVED_AT_ONCE),
        (pycurl.PROXY, way.proxy),  # set even when empty: unset, libcurl would read http_proxy
        (pycurl.NOPROXY, ""),
        (pycurl.HTTPPROXYTUNNEL, int(bool(way.proxy))),  # one way for both schemes: CONNECT names the address to judge
        (pycurl.RESOLVE, list(way.pinned)),
        (pycurl.NOSIGNAL, 1),
        (QUICK_EXIT, 1),
    )
