"""The table of special addresses: every range, by literal, DNS, redirect and rebinding, and no socket is ever made."""

import socket
from collections.abc import Iterator
from ipaddress import IPv6Address, ip_network

import pytest

from ingest.errors import Permanent
from tests.hostile.case import http
from tests.hostile.server import HostileServer
from workers.web import http as web
from workers.web.addresses import SPECIAL
from workers.web.handle import Egress, Limits
from workers.web.http import Http

pytestmark = pytest.mark.enable_socket
OPEN = "127.0.0.77"
"""The one address that these tests may connect to: the public site that redirects, or changes its mind."""
LIMITS = Limits(connect_s=1, total_s=2)
EMBEDDING = ("::ffff:", "::", "64:ff9b::", "::ffff:0:", "2002:", "64:ff9b:1::")
"""Prefixes of IPv6 that carry an IPv4 address; 6to4 carries it first."""
METADATA = "169.254.169.254"


def spelled() -> Iterator[str]:
    """Yield the first, a middle and the last address of every special range, then IPv4 inside IPv6."""
    for network in SPECIAL:
        if OPEN in str(network[0]):
            continue
        yield from dict.fromkeys(str(network[i]) for i in (0, network.num_addresses // 2, -1))
    for inner in (METADATA, "10.0.0.1", "127.0.0.1"):
        number = int.from_bytes(socket.inet_aton(inner), "big")
        for prefix in EMBEDDING:
            text = f"2002:{number >> 16:x}:{number & 0xFFFF:x}::" if prefix == "2002:" else f"{prefix}{inner}"
            yield str(IPv6Address(text))


ADDRESSES = [address for address in spelled() if address != OPEN]


@pytest.fixture
def sockets(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Count the sockets that libcurl is given: without one nothing can be connected to."""
    made: list[str] = []
    genuine = web._Socket

    class Counted(genuine):  # type: ignore[misc, valid-type]
        def __init__(self, *args: object) -> None:
            made.append(str(args))
            super().__init__(*args)

    monkeypatch.setattr(web, "_Socket", Counted)
    return made


@pytest.fixture(scope="module")
def outside() -> Iterator[HostileServer]:
    server = HostileServer({}, OPEN)
    yield server
    server.close()


def host(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def refused(client: Http, url: str) -> bool:
    with pytest.raises(Permanent) as caught:
        client.get(url)
    return caught.value.reason == "address_blocked"


def test_the_table_has_every_range_of_the_research() -> None:
    assert len(SPECIAL) >= 33
    assert {str(network) for network in SPECIAL} == {str(ip_network(str(network))) for network in SPECIAL}


def test_the_one_open_address_shows_that_sockets_are_counted(outside: HostileServer, sockets: list[str]) -> None:
    outside.answers["/"] = http(b"page")
    Http(Egress("t"), [f"{OPEN}/32"], LIMITS).get(f"http://{OPEN}:{outside.port}/")
    assert len(sockets) == 1
    assert outside.connections == 1


@pytest.mark.parametrize("address", ADDRESSES)
def test_by_literal(sockets: list[str], address: str) -> None:
    assert refused(Http(Egress("t"), (), LIMITS), f"http://{host(address)}/")
    assert sockets == []


@pytest.mark.parametrize("address", ADDRESSES)
def test_by_dns(sockets: list[str], address: str) -> None:
    way = Egress("t", pinned=(f"innocent.test:443:{host(address)}",))
    assert refused(Http(way, (), LIMITS), "https://innocent.test/")
    assert sockets == []


@pytest.mark.parametrize("address", ADDRESSES)
def test_by_redirect(outside: HostileServer, sockets: list[str], address: str) -> None:
    outside.answers["/away"] = http(b"", f"Location: http://{host(address)}/", status="302 Found")
    assert refused(Http(Egress("t"), [f"{OPEN}/32"], LIMITS), f"http://{OPEN}:{outside.port}/away")
    assert len(sockets) == 1  # the first hop's


@pytest.mark.parametrize("address", ADDRESSES)
def test_by_rebinding(outside: HostileServer, sockets: list[str], address: str) -> None:
    """The name leads to an open address when it is first looked up, and inside the second time (libcurl: by port)."""
    outside.answers["/again"] = http(b"", "Location: http://rebind.test/", status="302 Found")
    names = (f"rebind.test:{outside.port}:{OPEN}", f"rebind.test:80:{host(address)}")
    client = Http(Egress("t", pinned=names), [f"{OPEN}/32"], LIMITS)
    assert refused(client, f"http://rebind.test:{outside.port}/again")
    assert len(sockets) == 1


def test_a_name_with_an_inner_address_gets_no_second_try(sockets: list[str]) -> None:
    way = Egress("t", pinned=("both.test:80:10.0.0.1,1.1.1.1",))
    assert refused(Http(way, (), LIMITS), "http://both.test/")
    assert sockets == []


@pytest.mark.parametrize("address", ["127.0.0.1", METADATA, "[::1]", "0x7f000001"])
def test_through_a_proxy_a_literal_is_refused_before_the_proxy_is_asked(outside: HostileServer, address: str) -> None:
    before = outside.connections
    client = Http(Egress("t", proxy=f"http://{OPEN}:{outside.port}"), (), LIMITS)
    assert refused(client, f"http://{address}/")
    assert outside.connections == before


def test_a_proxy_is_told_the_name_of_the_site_in_a_tunnel(outside: HostileServer) -> None:
    def tunnel(line: socket.socket) -> None:
        line.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        line.recv(4096)
        line.sendall(http("خبر".encode()))

    outside.answers["site.test:80"] = tunnel
    page = Http(Egress("t", proxy=f"http://{OPEN}:{outside.port}"), (), LIMITS).get("http://site.test/")
    assert (page.url, page.body) == ("http://site.test/", "خبر".encode())
    assert outside.heads[-1].startswith(b"CONNECT site.test:80 HTTP/1.1\r\n")


def test_the_environment_names_no_proxy(outside: HostileServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    outside.answers["/"] = http(b"page")
    assert Http(Egress("t"), [f"{OPEN}/32"], LIMITS).get(f"http://{OPEN}:{outside.port}/").body == b"page"


def test_credentials_stay_at_their_origin(outside: HostileServer) -> None:
    other = HostileServer({"/": http(b"page")}, OPEN)
    outside.answers["/here"] = http(b"", "Location: /there", status="302 Found")
    outside.answers["/there"] = http(b"", f"Location: http://{OPEN}:{other.port}/", status="302 Found")
    sent = {"Authorization": "Basic c2VjcmV0", "Cookie": "a=b", "If-None-Match": '"1"'}
    Http(Egress("t"), [f"{OPEN}/32"], LIMITS).get(f"http://{OPEN}:{outside.port}/here", sent)
    other.close()
    there, elsewhere = outside.heads[-1].lower(), other.heads[-1].lower()
    assert b"authorization: basic" in there
    assert b"cookie: a=b" in there
    assert b"authorization" not in elsewhere
    assert b"cookie" not in elsewhere
    assert b'if-none-match: "1"' in elsewhere
