"""Which IP addresses may be connected to: public ones, and what a setting opens by name.

Our own table, because Python's `is_global` calls 13 of 33 special addresses public (measured on 3.11; among them
multicast, 6to4 and NAT64 of private ones). Sources: IANA IPv4 and IPv6 Special-Purpose Address Registries, and the
address classes that Stripe's smokescreen denies.
"""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final

import ada_url

Network = IPv4Network | IPv6Network

SPECIAL: Final[tuple[Network, ...]] = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",  # this host
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT, some clouds' metadata
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, clouds' metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT relays
        "192.88.99.0/24",  # 6to4 relays, deprecated
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
        "::/96",  # unspecified, loopback, IPv4-compatible
        "::ffff:0:0/96",  # IPv4-mapped: no honest name leads there
        "::ffff:0:0:0/96",  # IPv4-translated
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",  # NAT64, local
        "100::/64",  # discard
        "100:0:0:1::/64",  # dummy prefix
        "2001::/23",  # Teredo, ORCHID and other protocol assignments
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
        "fc00::/7",  # unique local
        "fe80::/10",  # link-local
        "fec0::/10",  # site-local, deprecated
        "ff00::/8",  # multicast
    )
)
PORTS: Final = frozenset({80, 443, 8080, 8443})
DEFAULT_PORT: Final = {"http:": 80, "https:": 443}


def refusal(address: str, port: int, allowed: Sequence[str] = ()) -> str:
    """Return why a fetch may not connect to an address (as text) and port: `address_blocked`, `port_forbidden`, or ''.

    `allowed` networks are open on every port: the local demo's loopback.
    """
    ip = ip_address(address.partition("%")[0])
    if any(ip in network for network in _networks(tuple(allowed))):
        return ""
    if any(ip in network for network in SPECIAL):
        return "address_blocked"
    return "" if port in PORTS else "port_forbidden"


def refusal_of_url(url: str, allowed: Sequence[str] = ()) -> str:
    """Return why a URL (as `fetchable` returns it) may not be asked for, as far as that shows without DNS, or ''.

    What remains to be said where an egress proxy resolves the names: a host that is an address, and the port. The
    WHATWG parser has turned every spelling of an IPv4 address (127.1, 0x7f000001, ①②⑦.⓪.⓪.①) into the dotted one.
    """
    parsed = ada_url.URL(url)
    port = int(parsed.port or DEFAULT_PORT[parsed.protocol])
    try:
        return refusal(parsed.hostname.strip("[]"), port, allowed)
    except ValueError:  # a name
        return "" if allowed or port in PORTS else "port_forbidden"


@lru_cache(maxsize=16)
def _networks(allowed: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(map(ip_network, allowed))
