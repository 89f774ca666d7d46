"""Redis by TLS, on an IPv6 address, asked by both of our clients: redis-py and Celery's transport."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from redis.exceptions import ConnectionError as RedisConnectionError

from workers.app import app
from workers.runtime import redis_client
from workers.settings import Settings

pytestmark = [pytest.mark.stack, pytest.mark.enable_socket]


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Start a server with a certificate of a CA that no system knows; settings that reach it."""
    binary = shutil.which("redis-server") or pytest.skip("redis-server is not on PATH")
    folder = tmp_path_factory.mktemp("tls")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    authority.issue_cert("::1").private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
    with socket.socket(socket.AF_INET6) as probe:
        probe.bind(("::1", 0))
        port = probe.getsockname()[1]
    options = f"--port 0 --tls-port {port} --bind ::1 --save '' --tls-auth-clients no --dir {folder}".split()
    files = [f"--tls-{name}-file={folder / 'server.pem'}".split("=") for name in ("cert", "key")]
    files += [["--tls-ca-cert-file", str(folder / "ca.pem")]]
    process = subprocess.Popen(
        [binary, *(word.strip("'") for word in options), *(word for pair in files for word in pair)],
        stdout=subprocess.DEVNULL,
    )
    _wait_for(port, process)
    yield Settings(redis_url=f"rediss://[::1]:{port}/0", redis_ca_file=folder / "ca.pem")
    process.terminate()
    process.wait(10)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        if process.poll() is not None:
            pytest.skip("this redis-server was built without TLS")
        with socket.socket(socket.AF_INET6) as probe:
            if probe.connect_ex(("::1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("redis-server does not listen after 5 s")


def test_both_clients_talk_to_it(certified: Settings) -> None:
    with redis_client(certified) as client, app.connection_for_write(certified.broker_url) as connection:
        queue = connection.SimpleQueue("tries")
        queue.put("one")
        assert client.llen("tries") == 1
        message = queue.get(timeout=5)
        assert message.payload == "one"
        message.ack()
        queue.close()


def test_a_certificate_that_nobody_we_know_signed_is_refused(certified: Settings, tmp_path: Path) -> None:
    trustme.CA().cert_pem.write_to_path(tmp_path / "other.pem")
    stranger = certified.model_copy(update={"redis_ca_file": tmp_path / "other.pem"})
    with redis_client(stranger) as client, pytest.raises(RedisConnectionError, match="CERTIFICATE_VERIFY_FAILED"):
        client.ping()
    with (
        app.connection_for_write(stranger.broker_url) as connection,
        pytest.raises(RedisConnectionError, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        connection.channel()
