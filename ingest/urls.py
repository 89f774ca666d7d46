"""URLs: one canonical form, the id made of it, and the lane it waits in."""

import hashlib
from typing import Final

import ada_url

from ingest.errors import Permanent

TRACKING: Final = frozenset(
    {
        "fbclid",
        "gclid",
        "dclid",
        "msclkid",
        "yclid",
        "igshid",
        "mc_cid",
        "mc_eid",
        "_ga",
        "ref_src",
        "ns_mchannel",
        "ns_source",
        "ns_campaign",
    }
)
"""Query parameters that name the visit, not the page. With the `utm_` family."""
MAX_LENGTH: Final = 2048
"""Characters; what browsers, sitemaps (sitemaps.org: 2,048) and caches agree on."""
HELD: Final = "held"
"""The lane of what needs no fetch: local files, whose pages are in the store already."""


def canonical(url: str) -> str:
    """Return the canonical form of a URL: WHATWG-parsed, without fragment and tracking parameters.

    Raises Permanent (`url_invalid`, `url_scheme`, `url_userinfo`, `url_too_long`).
    """
    parsed = _parse(url)
    parsed.search = _without_tracking(parsed.search)
    return str(parsed.href)


def fetchable(url: str) -> str:
    """Return a URL as it goes on the wire: WHATWG-parsed, without fragment, otherwise as given.

    Raises Permanent, as `canonical` does, and for a `file:` URL.
    """
    parsed = _parse(url)
    if parsed.protocol == "file:":
        raise Permanent("url_scheme", f"{url[:200]} is no web page; text files are ingested by path")
    return str(parsed.href)


def _parse(url: str) -> ada_url.URL:
    try:
        parsed = ada_url.URL(url.strip())
    except ValueError as error:
        raise Permanent("url_invalid", f"{url[:200]!r} is not an absolute URL") from error
    if parsed.protocol not in ("http:", "https:", "file:"):
        raise Permanent("url_scheme", f"{parsed.protocol} in {url[:200]!r}: only http and https are fetched")
    if parsed.username or parsed.password:
        raise Permanent("url_userinfo", f"a name or password stands in {parsed.host}: remove it")
    parsed.hash = ""
    if len(parsed.href) > MAX_LENGTH:
        raise Permanent("url_too_long", f"{len(parsed.href)} characters, {MAX_LENGTH} at most")
    return parsed


def article_id(canonical_url: str) -> str:
    """Return the id of a canonical URL: 32 hex digits of its SHA-256, the ledger's, document's and page's key."""
    return hashlib.sha256(canonical_url.encode()).hexdigest()[:32]


def host_of(url: str) -> str:
    """Return the host of a URL with its port when it is not the scheme's own, or '' for a file."""
    return str(ada_url.URL(url).host)


def lane_of(url: str) -> str:
    """Return the lane a URL waits in: its host, or HELD."""
    return host_of(url) or HELD


def _without_tracking(search: str) -> str:
    kept = [
        part
        for part in search.removeprefix("?").split("&")
        if part and not _is_tracking(part.partition("=")[0].lower())
    ]
    return "&".join(kept)


def _is_tracking(name: str) -> bool:
    return name in TRACKING or name.startswith("utm_")
