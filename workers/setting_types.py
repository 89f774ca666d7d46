"""Values of settings are checked when they are read: a worker that found out at each fetch would blame the sites."""

from ipaddress import ip_network
from typing import Annotated, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, ValidationError

PREFIX: Final = "WARRAQ_"


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


def in_words(error: ValidationError) -> dict[str, str]:
    """Return what is wrong with each setting, by its name."""
    return {
        (name := f"{PREFIX}{str(one['loc'][0]).upper()}"): f"{name} is {one['input']!r}: {one['msg']}"
        for one in error.errors()
    }
