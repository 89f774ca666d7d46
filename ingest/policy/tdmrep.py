"""A site's reservation of text and data mining, in `/.well-known/tdmrep.json` (TDMRep, W3C community group, 2024).

A list of `{"location": "/news/*", "tdm-reservation": 1, "tdm-policy": "https://…"}`. Its locations are patterns like
those of robots.txt, and are matched as such: the longest decides.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from ingest.model import Page
from ingest.policy.robots import MAX_RULES, RobotsRules

PATH: Final = "/.well-known/tdmrep.json"
MAX_BYTES: Final = 500 * 1024


@dataclass(frozen=True, slots=True)
class Reservation:
    """What a site's file reserves: which paths, and the policy under which they may be used."""

    paths: str = ""
    """A robots.txt in which what is reserved is disallowed; '' = nothing is."""
    policy: str = ""

    def onto(self, page: Page) -> Page:
        """Return the page; if it is reserved, the site's reservation is added to its headers and stored with it."""
        if RobotsRules(self.paths).allow(page.url):
            return page
        said = (("tdm-reservation", "1"), *((("tdm-policy", self.policy),) if self.policy else ()))
        return replace(page, headers=(*page.headers, *said))


def reservation_of(body: bytes) -> Reservation:
    """Return what a tdmrep.json reserves: nothing if it is malformed."""
    try:
        parsed = json.loads(body[: MAX_BYTES + 1])
    except (ValueError, RecursionError):
        return Reservation()
    rules = list(_rules(parsed))[:MAX_RULES]
    if all(allowed for allowed, _, _ in rules):
        return Reservation()
    lines = (f"{'allow' if allowed else 'disallow'}: {location}" for allowed, location, _ in rules)
    policy = next((policy for allowed, _, policy in rules if policy and not allowed), "")
    return Reservation("\n".join(("User-agent: *", *lines)), policy)


def _rules(parsed: Any) -> Iterator[tuple[bool, str, str]]:  # noqa: ANN401  # whatever JSON holds
    """Yield (is it allowed, location, policy) for each valid rule."""
    for rule in parsed if isinstance(parsed, list) else [parsed]:
        location = rule.get("location") if isinstance(rule, dict) else None
        if isinstance(location, str) and location.startswith("/"):
            policy = rule.get("tdm-policy")
            reserved = str(rule.get("tdm-reservation")) == "1"
            yield not reserved, " ".join(location.split()), policy if isinstance(policy, str) else ""
