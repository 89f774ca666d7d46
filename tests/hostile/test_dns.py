"""20-23 by real DNS: a name server of our own, to whose address a worker's /etc/resolv.conf is bent.

That takes root and a mount namespace; elsewhere these are skipped, and the table's pinned names stand for them.
"""

import shutil
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.hostile.case import http
from tests.hostile.conftest import Worker
from tests.hostile.server import HostileServer

pytestmark = pytest.mark.enable_socket
SERVER = "127.77.0.1"
OPEN = "127.0.0.77"
BEND = 'mount --bind "$1" /etc/resolv.conf && shift && exec "$@"'
SERVFAIL, NXDOMAIN, A = 2, 3, 1
DNS_CASES = {
    "nxdomain": (22, "transient dns"),
    "servfail": (23, "transient dns"),
    "silent": (23, "transient timeout_dns"),
    "both": (20, "permanent address_blocked"),
    "rebind": (21, "permanent address_blocked"),
}


class NameServer:
    """Answers as the first label of the name says; counts the questions for A records."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((SERVER, 53))
        self._turns = count()
        threading.Thread(target=self._run, daemon=True).start()

    def close(self) -> None:
        self._socket.close()

    def _run(self) -> None:
        while True:
            try:
                question, whom = self._socket.recvfrom(512)
                if answer := self._answer(question):
                    self._socket.sendto(answer, whom)
            except OSError:
                return

    def _answer(self, question: bytes) -> bytes:
        label = question[13 : 13 + question[12]].decode()
        end = question.index(0, 12) + 5
        kind = struct.unpack("!H", question[end - 4 : end - 2])[0]
        if label == "silent":
            return b""
        code = {"servfail": SERVFAIL, "nxdomain": NXDOMAIN}.get(label, 0)
        addresses = self._addresses(label) if kind == A and not code else []
        head = question[:2] + struct.pack("!HHHHH", 0x8180 | code, 1, len(addresses), 0, 0)
        records = (b"\xc0\x0c" + struct.pack("!HHIH", A, 1, 0, 4) + socket.inet_aton(one) for one in addresses)
        return head + question[12:end] + b"".join(records)

    def _addresses(self, label: str) -> list[str]:
        if label == "both":
            return ["10.0.0.1", "10.0.0.2"]
        return [OPEN] if next(self._turns) == 0 else ["10.0.0.1"]


@pytest.fixture(scope="module")
def bent(tmp_path_factory: pytest.TempPathFactory, site: HostileServer) -> Iterator[Worker]:
    """Start a worker that asks our name server."""
    resolv: Path = tmp_path_factory.mktemp("dns") / "resolv.conf"
    resolv.write_text(f"nameserver {SERVER}\noptions timeout:5 attempts:1\n")
    command = ["unshare", "--mount", "sh", "-c", BEND, "sh", str(resolv)]
    if not shutil.which("unshare") or subprocess.run([*command, "true"], capture_output=True, check=False).returncode:
        pytest.skip("needs root and a mount namespace, to give the worker a resolver of its own")
    names = NameServer()
    running = Worker(site, (*command, sys.executable))
    yield running
    running.end()
    names.close()


@pytest.mark.parametrize("name", DNS_CASES)
def test_names_that_are_not_what_they_seem(bent: Worker, name: str) -> None:
    """The rebinding name leads to the open address once: what it redirects to, on the same host, is looked up anew."""
    outside = HostileServer({}, OPEN)
    outside.answers["/"] = http(b"", f"Location: http://{name}.test/", status="302 Found")
    told = bent.do({"url": f"http://{name}.test:{outside.port}/", "kind": "fetch", "allowed": [f"{OPEN}/32"]})
    outside.close()
    assert told["outcome"] == DNS_CASES[name][1], told
    assert outside.connections == (1 if name == "rebind" else 0)
