"""The Redis users, loaded into a real server: what each may do, and what it may not."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import redis
import yaml
from redis.exceptions import AuthenticationError, NoPermissionError

from workers.frontier.aof import Aof
from workers.secrets import ensure_secrets

pytestmark = [pytest.mark.stack, pytest.mark.enable_socket]

Call = Callable[[Any], Any]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def server_binary() -> str:
    found = shutil.which("redis-server")
    if found is None and os.environ.get("CI"):
        pytest.fail("redis-server is not on PATH; CI must run this test")
    return found or pytest.skip("redis-server is not on PATH (Debian: apt-get install redis-server)")


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        if process.poll() is not None:
            pytest.fail("redis-server refused to start with this users.acl")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("redis-server does not listen after 5 s")


@dataclass(frozen=True)
class Server:
    """A running Redis, and the folder with its users' passwords."""

    port: int
    secrets: Path

    def connect(self, user: str) -> Any:
        password = {name: f"{name}/redis_password" for name in ("flower", "desk", "operator")}.get(user)
        password = "workers/redis_password" if user == "app" else password
        text = (self.secrets / password).read_text() if password else "none"
        return redis.Redis(host="127.0.0.1", port=self.port, username=user, password=text)


def start(binary: str, port: int, secrets: Path, data: Path) -> subprocess.Popen[bytes]:
    options = {"port": port, "bind": "127.0.0.1", "dir": data, "save": "", "logfile": data / "log", "appendonly": "yes"}
    options["aclfile"] = secrets / "redis/users.acl"
    process = subprocess.Popen([binary, *(str(part) for key, value in options.items() for part in (f"--{key}", value))])
    wait_for(port, process)
    return process


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(10)


def test_a_restart_forgets_no_transaction_and_no_script(tmp_path: Path) -> None:
    binary, port = server_binary(), free_port()
    ensure_secrets(tmp_path)
    app = Server(port, tmp_path).connect("app")
    process = start(binary, port, tmp_path, tmp_path)
    app.pipeline(transaction=True).set("a", 1).set("b", 2).execute()
    app.eval("redis.call('SET', 'c', 3); redis.call('SET', 'd', 4)", 0)
    stop(process)
    process = start(binary, port, tmp_path, tmp_path)
    try:
        assert app.mget("a", "b", "c", "d") == [b"1", b"2", b"3", b"4"]
    finally:
        app.close()
        stop(process)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start a server with the users.acl that `warraq secrets` makes."""
    binary, port = server_binary(), free_port()
    secrets = tmp_path_factory.mktemp("secrets")
    ensure_secrets(secrets)
    process = start(binary, port, secrets, tmp_path_factory.mktemp("data"))
    yield Server(port, secrets)
    stop(process)


CELERY_NEEDS: dict[str, Call] = {
    "set": lambda r: r.set("k", "v"),
    "get": lambda r: r.get("k"),
    "incr": lambda r: r.incr("n"),
    "hset": lambda r: r.hset("unacked", "tag", "{}"),
    "zadd": lambda r: r.zadd("warraq:lanes", {"a": 1}),
    "push and pop": lambda r: (r.lpush("fetch", "m"), r.brpop(["fetch", "fetch\x06\x163"], 1)),
    "stream": lambda r: (r.xadd("s", {"a": "b"}), r.xgroup_create("s", "g", "0"), r.xreadgroup("g", "c", {"s": ">"})),
    "stream claims": lambda r: (r.xpending("s", "g"), r.xautoclaim("s", "g", "c", 0), r.xack("s", "g", "0-1")),
    "script": lambda r: r.evalsha(r.script_load("return redis.call('TIME')[1]"), 0),
    "eval": lambda r: r.eval("return redis.call('ZCARD', KEYS[1])", 1, "warraq:lanes"),
    "script exists": lambda r: r.script_exists("0" * 40),
    "transaction": lambda r: r.pipeline(transaction=True).set("a", 1).get("a").execute(),
    "publish": lambda r: r.publish("/0.celeryev/worker.heartbeat", "{}"),
    "subscribe": lambda r: r.pubsub().psubscribe("/0.celery.pidbox*"),
    "info": lambda r: r.info(),
    "time": lambda r: r.time(),
    "scan": lambda r: list(r.scan_iter("warraq:*")),
    "memory": lambda r: r.memory_usage("k"),
}
NOBODY_MAY: dict[str, Call] = {
    "flushall": lambda r: r.flushall(),
    "flushdb": lambda r: r.flushdb(),
    "keys": lambda r: r.keys("*"),
    "config": lambda r: r.config_get("dir"),
    "shutdown": lambda r: r.execute_command("SHUTDOWN", "NOSAVE"),
    "save": lambda r: r.save(),
    "acl": lambda r: r.acl_list(),
    "script flush": lambda r: r.script_flush(),
    "function": lambda r: r.function_flush(),
    "client list": lambda r: r.client_list(),
    "monitor": lambda r: r.execute_command("MONITOR"),
    "replicaof": lambda r: r.replicaof("127.0.0.1", "1"),
    "module": lambda r: r.module_list(),
    "migrate": lambda r: r.migrate("127.0.0.1", 1, "k", 0, 1),
    "swapdb": lambda r: r.swapdb(0, 1),
}


@pytest.mark.parametrize("name", CELERY_NEEDS)
def test_app_may(server: Server, name: str) -> None:
    with server.connect("app") as connection:
        CELERY_NEEDS[name](connection)


@pytest.mark.parametrize("user", ["app", "flower", "operator", "health"])
@pytest.mark.parametrize("name", NOBODY_MAY)
def test_nobody_may(server: Server, user: str, name: str) -> None:
    with server.connect(user) as connection, pytest.raises(NoPermissionError):
        NOBODY_MAY[name](connection)


@pytest.mark.parametrize("login", [{}, {"username": "app", "password": "wrong"}], ids=["anonymous", "wrong password"])
def test_nobody_else_comes_in(server: Server, login: dict[str, str]) -> None:
    connection: Any = redis.Redis(host="127.0.0.1", port=server.port, **login)  # type: ignore[arg-type]
    with connection, pytest.raises(AuthenticationError):
        connection.get("k")


CELERYS = ["process", "fetch\x06\x163", "unacked", "_kombu.binding_permanent.celeryev", "x.reply.celery.pidbox"]


@pytest.mark.parametrize("key", CELERYS)
def test_flower_reads_celerys_keys(server: Server, key: str) -> None:
    with server.connect("flower") as connection:
        connection.exists(key)


@pytest.mark.parametrize("key", ["warraq:lanes", "warraq:tickets", "other", "process:ours", "indexes"])
def test_flower_touches_no_key_of_ours(server: Server, key: str) -> None:
    with server.connect("flower") as connection:
        for words in (["SET", key, "v"], ["GET", key], ["EVAL", "return redis.call('GET', KEYS[1])", "1", key]):
            with pytest.raises(NoPermissionError):
                connection.execute_command(*words)


def test_flower_hears_celery_only(server: Server) -> None:
    with server.connect("flower") as connection:
        connection.publish("/0.celery.pidbox", "{}")
        with pytest.raises(NoPermissionError):
            connection.publish("ours", "x")


def test_what_was_deleted_is_in_no_file_after_a_rewrite(tmp_path: Path) -> None:
    binary, port, word = server_binary(), free_port(), "كلمة".encode()
    ensure_secrets(tmp_path)
    server = Server(port, tmp_path)
    data = tmp_path / "data"
    data.mkdir()
    process = start(binary, port, tmp_path, data)

    def is_in_a_file() -> bool:
        files = [file for file in data.rglob("*") if file.is_file() and file.name != "log"]
        return any(word in file.read_bytes() for file in files)

    try:
        with server.connect("app") as app, server.connect("operator") as operator:
            app.set("k", word)
            app.delete("k")
            deadline = time.monotonic() + 10
            while not is_in_a_file():
                assert time.monotonic() < deadline, "or this would prove nothing"
                time.sleep(0.05)
            Aof(operator).rewrite()
            Aof(operator).rewrite()
            while is_in_a_file():  # Redis unlinks the old file in a thread of its own
                assert time.monotonic() < deadline
                time.sleep(0.05)
    finally:
        stop(process)


@pytest.mark.parametrize("words", [["GET", "k"], ["SET", "k", "v"], ["EVAL", "return 1", "0"]])
def test_the_operator_touches_no_key(server: Server, words: list[str]) -> None:
    with server.connect("operator") as connection, pytest.raises(NoPermissionError):
        connection.execute_command(*words)


@pytest.mark.parametrize("user", ["app", "flower", "desk", "health"])
def test_nobody_else_has_the_file_rewritten(server: Server, user: str) -> None:
    with server.connect(user) as connection, pytest.raises(NoPermissionError):
        connection.bgrewriteaof()


def test_health_may_ping_and_nothing_else(server: Server) -> None:
    with server.connect("health") as connection:
        assert connection.ping()
        for words in (["GET", "k"], ["INFO"], ["PUBLISH", "c", "x"], ["EVAL", "return 1", "0"]):
            with pytest.raises(NoPermissionError):
                connection.execute_command(*words)


@pytest.mark.skipif(shutil.which("redis-cli") is None, reason="redis-cli is not on PATH")
@pytest.mark.parametrize(("user", "code"), [("health", 0), ("nobody", 1)])
def test_the_health_check_of_compose(server: Server, user: str, code: int) -> None:
    """The very command of docker-compose.yml, with this server's port."""
    compose = yaml.safe_load((Path(__file__).parents[2] / "docker-compose.yml").read_text())
    kind, command = compose["services"]["redis"]["healthcheck"]["test"]
    asked = command.replace("redis-cli", f"redis-cli -p {server.port}").replace("health", user)
    assert kind == "CMD-SHELL"
    assert subprocess.run(["sh", "-c", asked], check=False, capture_output=True).returncode == code
