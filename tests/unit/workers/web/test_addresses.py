from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

import pycurl
import pytest

from workers.web.addresses import SPECIAL, refusal, refusal_of_url
from workers.web.failure import failure

BLOCKED = [
    "::ffff:0:a00:1",
    "100:0:0:1::1",
    "192.31.196.1",
    "192.52.193.1",
    "192.175.48.1",
    "2620:4f:8000::1",
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:1.1.1.1",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", BLOCKED)
def test_special_addresses_are_refused(address: str) -> None:
    assert refusal(address, 80) == "address_blocked"


@pytest.mark.parametrize("network", SPECIAL, ids=str)
def test_a_special_range_is_refused_from_its_first_to_its_last_address(network: IPv4Network | IPv6Network) -> None:
    assert refusal(str(network[0]), 443) == "address_blocked"
    assert refusal(str(network[-1]), 443) == "address_blocked"


@pytest.mark.parametrize("address", ["1.1.1.1", "172.32.0.1", "192.167.0.1", "2606:4700::1111"])
def test_public_addresses_are_open_on_the_ports_of_the_web(address: str) -> None:
    assert refusal(address, 443) == ""
    assert refusal(address, 6379) == "port_forbidden"


def test_a_setting_opens_a_network_on_every_port_and_nothing_beside_it() -> None:
    assert refusal("127.0.0.1", 18080, ["127.0.0.0/8"]) == ""
    assert refusal("::1", 18080, ["127.0.0.0/8"]) == "address_blocked"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1/", "address_blocked"),
        ("http://[::ffff:7f00:1]/", "address_blocked"),
        ("https://1.1.1.1/", ""),
        ("https://1.1.1.1:22/", "port_forbidden"),
        ("https://example.org/", ""),
        ("https://example.org:6379/", "port_forbidden"),
    ],
)
def test_what_a_url_shows_without_dns(url: str, reason: str) -> None:
    assert refusal_of_url(url) == reason


def test_every_special_range_is_exercised() -> None:
    reached = {network for network in SPECIAL for address in BLOCKED if _inside(address, str(network))}
    assert {str(network) for network in SPECIAL} - {str(network) for network in reached} == set()


def _inside(address: str, network: str) -> bool:
    return ip_address(address.partition("%")[0]) in ip_network(network)


@pytest.mark.parametrize(("reason", "told"), [("address_blocked", "WARRAQ_FETCH_ALLOW"), ("port_forbidden", "8443")])
def test_a_refusal_says_why_not_what_libcurl_makes_of_it(reason: str, told: str) -> None:
    error = pycurl.error(pycurl.E_COULDNT_CONNECT, "Could not connect to server")
    named = failure("http://h/", error, pycurl.Curl(), reason, begun=False)
    assert (named.reason, told in named.detail, "curl" in named.detail) == (reason, True, False)
