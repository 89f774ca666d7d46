"""Cookies of one fetch: what a redirect sets goes back with the hops that follow, and is forgotten with the answer.

Some sites show a page only to clients that return the cookie of the redirect. Nothing is kept between fetches.
"""

from collections.abc import Sequence
from typing import Final

import ada_url

from ingest.urls import same_site

MOST: Final = 20
LONGEST: Final = 4096
"""Characters of one; browsers keep no more (RFC 6265, 6.1)."""
SET: Final = b"set-cookie:"


class Cookies:
    """The cookies of the hops so far, by host."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], tuple[str, bool]] = {}

    def take(self, url: str, lines: Sequence[bytes]) -> None:
        """Keep what an answer's header lines set: for its host, or for the domain of its own site that it names."""
        here = ada_url.URL(url)
        for line in (line for line in lines if line[: len(SET)].lower() == SET):
            first, *attributes = line[len(SET) :].decode("latin-1").split(";")
            name, equals, value = first.strip().partition("=")
            said = {key.strip().lower(): text.strip() for key, _, text in (one.partition("=") for one in attributes)}
            domain = said.get("domain", "").lstrip(".").lower()
            wide = "." in domain and here.hostname.endswith(f".{domain}") and same_site(url, f"http://{domain}/")
            host = f".{domain}" if wide else here.hostname
            pair = f"{name}={value}"
            if equals and pair.isascii() and pair.isprintable() and len(pair) <= LONGEST and len(self._kept) < MOST:
                self._kept[host, name] = (pair, "secure" in said)

    def header(self, url: str) -> dict[str, str]:
        """Return the Cookie header for the next hop, or no header."""
        there = ada_url.URL(url)
        mine = [
            pair
            for (host, _), (pair, secure) in self._kept.items()
            if _matches(host, there.hostname) and (there.protocol == "https:" or not secure)
        ]
        return {"cookie": "; ".join(mine)} if mine else {}


def _matches(host: str, asked: str) -> bool:
    return asked == host.lstrip(".") or (host.startswith(".") and asked.endswith(host))
