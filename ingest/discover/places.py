"""Which addresses belong together."""

import re
from typing import Final

from ingest.urls import host_of

FRONT: Final = re.compile(r"^(?:www\d?|m|mobile|amp)\.(?=[^.]+\.)")


def same_site(one: str, other: str) -> bool:
    """Tell whether two addresses are of one site: the same host without `www.` and its like, or one below the other."""
    a, b = (FRONT.sub("", host_of(url)) for url in (one, other))
    return a == b or a.endswith(f".{b}") or b.endswith(f".{a}")
