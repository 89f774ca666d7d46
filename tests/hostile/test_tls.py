"""27-32: certificates and versions that are not to be trusted, each on a server of its own."""

import ssl
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from tests.hostile.case import article, http
from tests.hostile.conftest import Worker
from tests.hostile.server import HostileServer

pytestmark = pytest.mark.enable_socket
AUTHORITY = trustme.CA()
PAGE = {"/": http(article().encode())}


def context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(made)
    return made


def outdated() -> ssl.SSLContext:
    """Return a server's settings that know nothing newer than TLS 1.0."""
    made = context(AUTHORITY.issue_cert("localhost"))
    with warnings.catch_warnings(action="ignore"):
        made.minimum_version, made.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1
    made.set_ciphers("ALL:@SECLEVEL=0")
    return made


EXPIRED = datetime(2020, 1, 1, tzinfo=UTC)
TLS: dict[str, tuple[int, str, Callable[[], ssl.SSLContext]]] = {
    "good": (0, "accepted", lambda: context(AUTHORITY.issue_cert("localhost"))),
    "expired": (27, "permanent tls_expired", lambda: context(AUTHORITY.issue_cert("localhost", not_after=EXPIRED))),
    "wrong name": (28, "permanent tls_name", lambda: context(AUTHORITY.issue_cert("example.org"))),
    "unknown issuer": (29, "permanent tls_untrusted", lambda: context(trustme.CA().issue_cert("localhost"))),
    "TLS 1.0": (30, "transient tls", outdated),
}


@pytest.fixture
def secure() -> Iterator[HostileServer]:
    server = HostileServer(PAGE)
    yield server
    server.close()


@pytest.fixture(scope="module")
def ca_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    file: Path = tmp_path_factory.mktemp("tls") / "ca.pem"
    AUTHORITY.cert_pem.write_to_path(str(file))
    return str(file)


@pytest.mark.parametrize("name", TLS)
def test_only_a_good_certificate_is_trusted(worker: Worker, secure: HostileServer, ca_file: str, name: str) -> None:
    _, outcome, make = TLS[name]
    secure.tls = make()
    url = f"https://localhost:{secure.port}/"
    told = worker.do({"url": url, "kind": "fetch", "ca_file": ca_file})
    assert told["outcome"] == outcome, told
    assert any(secure.heads) == (outcome == "accepted")


def test_31_a_handshake_that_stalls_meets_the_deadline_of_the_connection(worker: Worker, site: HostileServer) -> None:
    told = worker.do({"url": f"https://127.0.0.1:{site.port}/", "kind": "fetch", "limits": {"total_s": 18}})
    assert told["outcome"] == "transient timeout_connect", told
    assert told["seconds"] < 12, "the deadline of the whole fetch has the same name here"


def test_32_a_redirect_out_of_tls_is_followed_without_credentials_and_flagged(
    worker: Worker, secure: HostileServer, ca_file: str
) -> None:
    plain = HostileServer({"/": http(article().encode())})
    secure.tls = context(AUTHORITY.issue_cert("localhost"))
    secure.answers["/"] = http(b"", f"Location: http://localhost:{plain.port}/", status="301 Moved Permanently")
    sent = {"Authorization": "Basic c2VjcmV0", "Cookie": "session=secret", "If-None-Match": '"1"'}
    job = {"url": f"https://localhost:{secure.port}/", "kind": "fetch", "ca_file": ca_file, "headers": sent}
    told = worker.do(job)
    plain.close()
    assert (told["outcome"], told["warnings"]) == ("accepted", ["redirect_leaves_https"]), told
    assert b"c2VjcmV0" in secure.heads[0]
    assert b"secret" not in plain.heads[0]
    assert b"c2VjcmV0" not in plain.heads[0]
    assert b'if-none-match: "1"' in plain.heads[0].lower()
