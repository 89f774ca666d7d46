"""URLs: one canonical form, the id made of it, and the lane it waits in."""

import hashlib
import re
import unicodedata
from functools import lru_cache
from typing import Final

import ada_url

from ingest.errors import Permanent
from ingest.tracking import NAMES, PREFIXES, SESSIONS

MAX_LENGTH: Final = 2048
"""Characters; what browsers, sitemaps (sitemaps.org: 2,048) and caches agree on."""
INLINE: Final = "held"
"""The lane of inline pages, which need no fetch. The value is stored in records."""
LATELY: Final = 1024
"""Size of the cache of canonical forms: an article's is needed five times, a feed's at each poll."""
MARKS: Final = "".join(
    map(chr, (0xAD, 0x61C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF))
)
"""Invisible characters that editors of right-to-left text leave around copied addresses."""
SPACES: Final = " \t\n\r\f\v\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
AROUND: Final = SPACES + MARKS
NO_MARKS: Final = dict.fromkeys(map(ord, MARKS))
AT_THE_END: Final = re.compile(
    "(?:%E2%80%(?:8[B-F]|A[89A-F])|%E2%81%A[0-9A-F]|%EF%BB%BF|%D8%9C|%C2%A[0D]|%20)+$", re.IGNORECASE
)
"""The same, and spaces, escaped: no site's address ends in them."""
CONTROL: Final = re.compile("[\0-\x1f\x7f]")
ESCAPE: Final = re.compile("%[0-9a-fA-F]{2}")
AMP_CACHE: Final = re.compile(r"^https?://(?:[^/]+\.cdn\.ampproject\.org|www\.google\.[a-z.]{2,6}/amp)/(?:[cv]/)?(s/)?")
"""The addresses under which Google shows a site's AMP page: the site's own follows, `s/` standing for https."""
VARIANT_LABEL: Final = re.compile(r"^(?:www\d?|m|mobile|amp)\.(?=[^.]+\.[^.])")
"""The first label of a host that shows the same pages to other devices; at least two labels must remain."""
SESSION: Final = re.compile(
    r"(?<!&amp)(?:;|%3B)(?:jsessionid|phpsessid|phpsessionid|aspsessionid\w*|cfid|cftoken|sid)(?:=|%3D)[^/?;&]*"
    r"|/(?:\(|%28)(?:[A-Z](?:\(|%28)[\w.~-]{1,200}(?:\)|%29))+(?:\)|%29)(?=/)"
    r"|/(?:\(|%28)[a-z0-5]{24}(?:\)|%29)(?=/)",
    re.IGNORECASE,
)
"""A visit's name in the path: a parameter of servlets and their like, a folder of ASP.NET's (`/(S(...))/`)."""
TOKEN: Final = re.compile(r"(?=[A-Za-z]*[0-9])[0-9A-Za-z]{22,64}")
"""How a visit is named; a section or a search is not."""
AMP_PATH: Final = re.compile(r"^/amp(?=/.)|(?<=[^/])/amp/?$|\.amp(?=$|\.html?$)")
AMP_PARAMETER: Final = re.compile(
    r"(?:^|(?<=&))(?:amp(?:=[^&]*)?|(?:outputtype|output|view)=amp)(?:&|$)", re.IGNORECASE
)


@lru_cache(LATELY)
def canonical(url: str) -> str:
    """Return the canonical form of a URL: WHATWG-parsed, without fragment and tracking, escapes in upper case.

    Idempotent. Raises Permanent (`url_invalid`, `url_scheme`, `url_userinfo`, `url_too_long`).
    """
    parsed = _parse(url)
    parsed.search = _without_tracking(SESSION.sub("", AT_THE_END.sub("", parsed.search)))
    parsed.pathname = _without_visit(parsed.pathname)
    return ESCAPE.sub(lambda escape: escape[0].upper(), str(parsed.href))  # RFC 3986, 6.2.2.1


def fetchable(url: str) -> str:
    """Return a URL as it goes on the wire: WHATWG-parsed, without fragment, otherwise as given.

    Raises Permanent, as `canonical` does, and for a `file:` URL.
    """
    parsed = _parse(url)
    if parsed.protocol == "file:":
        raise Permanent("url_scheme", f"{url[:200]} is no web page; text files are ingested by path")
    return str(parsed.href)


def strip_marks(url: str) -> str:
    """Return an address without the white space and the invisible characters around it and in its host."""
    bare = url.strip(AROUND)
    if bare.isascii():
        return bare
    scheme, slashes, rest = bare.partition("//")
    host, slash, path = rest.partition("/")
    return f"{scheme.translate(NO_MARKS)}//{host.translate(NO_MARKS)}{slash}{path}" if slashes else bare


def _parse(url: str) -> ada_url.URL:
    bare = strip_marks(url)
    if CONTROL.search(bare):
        raise Permanent("url_invalid", f"{bare[:200]!r} has a control character")
    try:
        parsed = ada_url.URL(bare)
        while found := AMP_CACHE.match(parsed.href):
            parsed = ada_url.URL(f"http{'s' if found[1] else ''}://{parsed.href[found.end() :]}")
    except ValueError as error:
        raise Permanent("url_invalid", f"{bare[:200]!r} is not an absolute URL, as https://example.org") from error
    if parsed.protocol not in ("http:", "https:", "file:"):
        raise Permanent("url_scheme", f"{parsed.protocol} in {bare[:200]!r}: only http and https are fetched")
    if parsed.username or parsed.password:
        raise Permanent("url_userinfo", f"a name or password stands in {parsed.host}: remove it")
    parsed.hash = ""
    if len(parsed.href) > MAX_LENGTH:
        raise Permanent("url_too_long", f"{len(parsed.href)} characters, {MAX_LENGTH} at most")
    return parsed


@lru_cache(LATELY)
def article_id(canonical_url: str) -> str:
    """Return the id of a canonical URL: 32 hex digits of a SHA-256, the ledger's, document's and page's key.

    It is the same for the twins of a page: http and https, with `www.` or `m.`, as AMP, with a slash at the end.
    """
    return hashlib.sha256(_twins_key(canonical_url).encode()).hexdigest()[:32]


def _twins_key(canonical_url: str) -> str:
    """Return what the variants of a URL have in common. It is no URL: nobody knows which of them a site serves."""
    try:
        parsed = ada_url.URL(canonical_url)
    except ValueError:
        return canonical_url
    if not parsed.host:
        return canonical_url
    path = AMP_PATH.sub("", parsed.pathname).rstrip("/")
    search = AMP_PARAMETER.sub("", parsed.search.removeprefix("?")).rstrip("&")
    return f"{site_of(canonical_url)}{path}?{search}"


@lru_cache(LATELY)
def host_of(url: str) -> str:
    """Return the host of a URL with its port when it is not the scheme's own, or '' for a file."""
    return str(ada_url.URL(url).host)


def site_of(url: str) -> str:
    """Return the host without the labels of mobile and AMP variants (`www.`, `m.`, `amp.`), the site's name."""
    return VARIANT_LABEL.sub("", host_of(url).rstrip("."))


def same_site(one: str, other: str) -> bool:
    """Return whether two addresses belong to one site: the same host but for `www.` and the like, or a subdomain."""
    a, b = site_of(one), site_of(other)
    return a == b or a.endswith(f".{b}") or b.endswith(f".{a}")


def mixes_scripts(url: str) -> bool:
    """Return whether a label of the host has letters of two scripts, as an imitated name does (UTS 39, 5.1)."""
    labels = ada_url.idna.decode(ada_url.URL(url).hostname).split(".")
    return any(
        len({unicodedata.name(char, "?").split()[0] for char in label if char.isalpha()}) > 1 for label in labels
    )


def lane_of(url: str) -> str:
    """Return the lane a URL waits in: its site, as `www.` and `m.` are one server mostly, or INLINE."""
    return site_of(url) or INLINE


def _without_tracking(search: str) -> str:
    parts = search.removeprefix("?").split("&")
    kept = "&".join(part for part in parts if part and not _is_tracking(part))
    return f"?{kept}" if kept else ""  # with its own mark: a query may begin with another one


def _is_tracking(parameter: str) -> bool:
    """Return whether a parameter names the visit, campaign or reader. Some links are escaped twice (`&amp;`)."""
    written, _, value = parameter.removeprefix("amp;").partition("=")
    name = written.lower()
    return name in NAMES or name.startswith(PREFIXES) or (name in SESSIONS and bool(TOKEN.fullmatch(value)))


def _without_visit(path: str) -> str:
    """Return a path without a visit's name in it, and without what nobody sees at its end."""
    before = ""
    while path != before:
        before, path = path, SESSION.sub("", AT_THE_END.sub("", path))
    return path
