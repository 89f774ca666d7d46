from ipaddress import ip_address, ip_network

import pytest

from workers.addresses import SPECIAL, may_connect

BLOCKED = [
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
    assert not may_connect(address, 80)


@pytest.mark.parametrize("address", ["1.1.1.1", "172.32.0.1", "192.167.0.1", "2606:4700::1111", "::ffff:1.1.1.1"])
def test_public_addresses_are_open_on_the_ports_of_the_web(address: str) -> None:
    assert may_connect(address, 443)
    assert not may_connect(address, 6379)


def test_a_setting_opens_a_network_on_every_port_and_nothing_beside_it() -> None:
    assert may_connect("127.0.0.1", 18080, ["127.0.0.0/8"])
    assert not may_connect("::1", 18080, ["127.0.0.0/8"])


def test_every_special_range_is_exercised() -> None:
    reached = {network for network in SPECIAL for address in BLOCKED if _inside(address, str(network))}
    assert {str(network) for network in SPECIAL} - {str(network) for network in reached} == set()


def _inside(address: str, network: str) -> bool:
    return ip_address(address.partition("%")[0]) in ip_network(network)
