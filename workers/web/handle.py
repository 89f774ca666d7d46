"""The limits of a fetch, and the libcurl handle that enforces them."""

from dataclasses import dataclass
from typing import Any, Final

import certifi
import pycurl

from ingest.inflate import ASKED

RECEIVED_AT_ONCE: Final = 128 * 2**10
"""Size of libcurl's buffer: a larger one means fewer calls into Python for a large page."""
QUICK_EXIT: Final = 322
"""CURLOPT_QUICK_EXIT, which pycurl has no name for: closing a handle does not wait for a silent name server."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one fetch; times in seconds, sizes in bytes."""

    connect_s: float = 10
    """Name resolution, TCP and TLS together."""
    total_s: float = 30
    """The whole fetch, including redirects."""
    slow_for_s: int = 15
    """Longest time without data, or with fewer than `slow_bytes_s` bytes a second."""
    slow_bytes_s: int = 200
    header_lines: int = 100
    """Headers of all responses that make up one answer: a flood of `100 Continue` counts too."""
    header_bytes: int = 64 * 2**10
    raw_bytes: int = 10 * 2**20
    """Body as transferred; the longest news pages have 2-3 MB uncompressed."""
    decoded_bytes: int = 20 * 2**20
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Egress:
    """How the outside is reached."""

    user_agent: str
    proxy: str = ""
    """URL of an egress proxy, which resolves names and must refuse those that lead to inner addresses."""
    ca_file: str = ""
    """Certificates to trust instead of Mozilla's, which certifi carries."""
    pinned: tuple[str, ...] = ()
    """libcurl's CURLOPT_RESOLVE lines, `host:port:address[,address]`: names that are resolved without DNS."""


def configured(way: Egress, limits: Limits) -> pycurl.Curl:
    """Return a new handle. It reads nothing from the environment (no proxy, no .netrc) and keeps no cookies."""
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
        (pycurl.HTTP_CONTENT_DECODING, 0),  # `ingest.inflate` does it: libcurl does not notice a truncated gzip stream
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
