"""Who crawls, and where from: what people may write in settings, checked at the start.

A worker that found out at each fetch would blame the sites.
"""

import re
from ipaddress import ip_network
from typing import Annotated, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator

CONTACT: Final = re.compile(r"(?:https?://[\w\[]|mailto:[^\s@]+@\w)[^\s()<>]*")
"""Characters allowed in a User-Agent comment."""
NO_CONTACT: Final = "set it to a page about this crawler (https://...) or a mailto: address, or nothing is fetched"


def _networks(text: str) -> str:
    for network in filter(None, map(str.strip, text.split(","))):
        ip_network(network)
    return text


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError) as error:
        raise ValueError(f"there is no zone {name!r}") from error
    return name


Networks = Annotated[str, AfterValidator(_networks)]
"""Networks (CIDR), comma-separated."""
Zone = Annotated[str, AfterValidator(_zone)]
"""The name of an IANA zone."""
