"""robots.txt by RFC 9309: which of its lines apply to us, and what they allow.

Groups are picked here, because protego lets any unknown line end a group and takes a part of our name for ours;
matching a path against the picked rules is protego's.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from protego import Protego

from ingest.urls import strip_marks

AGENT: Final = "warraq"
"""Our product token: the name before the slash in our User-Agent."""
MAX_BYTES: Final = 500 * 1024
"""RFC 9309, 2.5: a crawler must read at least 500 KiB; the rest is cut off at the end of a line."""
MAX_LINE: Final = 2083 * 8
"""Maximum length of a line; Google's parser reads no more either."""
MAX_RULES: Final = 5000
"""Maximum number of rules: protego takes 2 µs for each, at every URL."""
CRAWL_DELAY_CAP_S: Final = 60.0

_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BOM: Final = re.compile(rb"\xef(?:\xbb\xbf?)?")
_LINE: Final = re.compile(
    r"\s*(?P<field>user[- ]?agent|allow|disallow|dissallow|dissalow|disalow|diasllow|disallaw|crawl[- ]delay)"
    r"(?:\s*:(?P<value>.*)|\s+(?P<word>\S+)\s*)$",
    re.IGNORECASE,
)
"""A known line, including misspellings that Google's parser accepts too; the colon may be missing."""
_NUMBER: Final = re.compile(r"\d{1,9}(?:[.,]\d{1,9})?")
"""A delay; some write a unit behind it."""
_TOKEN: Final = re.compile(r"\*(?=\s|$)|[a-z_-]+")
"""RFC 9309, 2.2.1: letters, `_` and `-`; what follows (a version, a second word) is no part of the name."""


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """What a site allows us to fetch. An empty text allows everything."""

    text: str = ""
    """A robots.txt of one group for everybody, as `ours` makes it."""

    def allow(self, url: str) -> bool:
        """Return whether we may fetch a URL: the longest matching rule decides; on a tie, the one that allows."""
        return not self.text or _parsed(self.text).can_fetch(url, "*")

    @property
    def crawl_delay_s(self) -> float:
        """The seconds to leave between two requests, at most CRAWL_DELAY_CAP_S; 0.0 if none is given."""
        return min((_parsed(self.text).crawl_delay("*") if self.text else None) or 0.0, CRAWL_DELAY_CAP_S)


def ours(body: bytes, agent: str = AGENT) -> str:
    """Return the rules of a robots.txt that apply to `agent`, as a robots.txt of one group; '' if there are none.

    All groups that name the agent count as one; only if none does, those for everybody count (RFC 9309, 2.2.1).
    """
    groups = _groups(_lines(body))
    for name in (agent.lower(), "*"):
        mine = [
            rule for group in groups if name in group.agents for rule in (*group.rules, *group.delays.get(name, ()))
        ]
        if mine or any(name in group.agents for group in groups):
            return "\n".join(("User-agent: *", *mine[:MAX_RULES]))
    return ""


@dataclass(slots=True)
class _Group:
    agents: set[str]
    rules: list[str]
    delays: dict[str, list[str]]
    """Crawl-delay by agent: it applies to those named so far, and does not end their list."""


def _groups(lines: Iterator[tuple[str, str]]) -> list[_Group]:
    groups: list[_Group] = []
    naming = False
    for field, value in lines:
        if field == "user-agent":
            if not naming:
                groups.append(_Group(set(), [], {}))
            token = _TOKEN.match(value.lower())
            groups[-1].agents.add(token[0] if token else "")
            naming = True
        elif groups and field == "crawl-delay":
            number = _NUMBER.match(value)
            delay = [f"crawl-delay: {number[0].replace(',', '.')}"] if number else []
            groups[-1].delays |= dict.fromkeys(groups[-1].agents, delay)
        elif groups:
            groups[-1].rules.append(f"{field}: {value}")
            naming = False
    return groups


def _lines(body: bytes) -> Iterator[tuple[str, str]]:
    """Yield the known lines as (field, value). Anything else, such as HTML, is ignored."""
    for line in re.split(r"\r\n|\r|\n", _text(_cut(body))):
        if found := _LINE.match(strip_marks(line[:MAX_LINE].partition("#")[0])):
            value = strip_marks(found["value"] if found["word"] is None else found["word"])
            yield _field(found["field"].lower()), " ".join(value.splitlines()).strip()


def _text(body: bytes) -> str:
    """Return the text: UTF-8 by the standard, but some editors save "Unicode"."""
    if body.startswith(_UTF_16):
        return body.decode("utf-16", "replace")
    return (
        _BOM.sub(b"", body, count=1).decode("utf-8", "replace")
        if body[:1] == b"\xef"
        else body.decode("utf-8", "replace")
    )


def _field(name: str) -> str:
    if name.startswith("user"):
        return "user-agent"
    if name.startswith("crawl"):
        return "crawl-delay"
    return "allow" if name == "allow" else "disallow"


def _cut(body: bytes) -> bytes:
    if len(body) <= MAX_BYTES:
        return body
    return re.sub(rb"[^\r\n]*\Z", b"", body[:MAX_BYTES])


@lru_cache(maxsize=256)
def _parsed(text: str) -> Protego:
    return Protego.parse(text)
