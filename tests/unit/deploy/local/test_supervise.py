"""What supervisor is told, the scripts it starts, and what is found after a crash."""

import configparser
from pathlib import Path
from typing import Any

import pytest

from deploy.local import orphans, program, supervisord
from deploy.local.errors import LocalStackError, PrerequisitesMissingError
from deploy.local.other_elasticsearch import adopt_password
from deploy.local.prerequisites import Finder, Found, check
from deploy.local.program import Program
from deploy.local.redis import configuration
from deploy.local.supervise import Supervisor

FETCH = Program("fetch", ("celery", "--hostname", "fetch@%h"), {}, Path("/"), stop_s=100, stop_signal="QUIT")
SETUP = Program("setup", ("warraq", "setup"), {}, Path("/"), one_shot=True, stop_s=0.2)
AWKWARD = "it's 100% \"odd\"; # $HOME `x`\n \\ end'"


@pytest.fixture
def conf(tmp_path: Path) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(inline_comment_prefixes=(";", "#"))
    parser.read_string(supervisord.configuration(tmp_path, [[SETUP], [FETCH]]))
    return parser


def test_a_service_comes_back_for_ever(conf: configparser.RawConfigParser) -> None:
    section = conf["program:fetch"]
    assert section["autorestart"] == "true"
    assert int(section["startretries"]) > 100_000
    assert (section["stopwaitsecs"], section["stopsignal"]) == ("100", "QUIT")
    assert (section["stopasgroup"], section["killasgroup"]) == ("false", "true")


def test_a_one_shot_ends(conf: configparser.RawConfigParser) -> None:
    section = conf["program:setup"]
    assert (section["autorestart"], section["startsecs"], section["stopwaitsecs"]) == ("false", "0", "1")


def test_the_priority_is_the_start_order(conf: configparser.RawConfigParser) -> None:
    assert [conf[f"program:{name}"]["priority"] for name in ("setup", "fetch")] == ["0", "1"]


def test_nothing_starts_by_itself_and_logs_are_limited(conf: configparser.RawConfigParser) -> None:
    assert conf["program:fetch"]["autostart"] == "false"
    assert conf["program:fetch"]["stdout_logfile_maxbytes"] == "10MB"
    assert conf["unix_http_server"]["chmod"] == "0700"


def test_a_long_home_gets_a_short_socket(tmp_path: Path) -> None:
    assert supervisord.socket_path(Path("/var/lib/warraq/0a1b")) == Path("/var/lib/warraq/0a1b/supervisor.sock")
    long = tmp_path / ("x" * 90)
    assert len(str(supervisord.socket_path(long))) < 90
    assert str(supervisord.socket_path(long)) in supervisord.configuration(long, [])


def test_one_that_was_just_forked_is_asked_to_end_when_it_can_notice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    states = iter(["STARTING", "STARTING", "RUNNING", "STOPPING", "STOPPED"])
    asked: list[str] = []

    class Known(Supervisor):
        def call(self, method: str, *_: Any) -> Any:
            if method == "getProcessInfo":
                asked.append(next(states))
                return {"name": "x", "statename": asked[-1], "pid": 1, "exitstatus": 0, "start": 0, "now": 0}
            return asked.append(method)

    monkeypatch.setattr("deploy.local.supervise.time.sleep", lambda _: None)
    Known(tmp_path).stop(["x"])
    assert asked == ["STARTING", "STARTING", "RUNNING", "stopProcess", "STOPPING", "STOPPED"]


def test_another_fingerprint_is_another_script() -> None:
    assert program.script(FETCH, Path("/h"), "1") != program.script(FETCH, Path("/h"), "2")


def test_private_files_are_private_and_written_once(tmp_path: Path) -> None:
    path = tmp_path / "a"
    assert program.write_private(path, "x")
    assert not program.write_private(path, "x")
    assert program.write_private(path, "y")
    assert path.stat().st_mode & 0o777 == 0o600


def test_leftovers_are_known_by_their_mark(tmp_path: Path) -> None:
    for pid, environment in (("12", b"A=1\0WARRAQ_STACK=/h\0"), ("13", b"WARRAQ_STACK=/h2\0"), ("14", b""), ("x", b"")):
        (tmp_path / pid).mkdir()
        (tmp_path / pid / "environ").write_bytes(environment)
    (tmp_path / "15").mkdir()
    assert orphans.find(Path("/h"), tmp_path) == [12]


def test_redis_is_local_durable_and_never_evicts() -> None:
    text = configuration(Path("/a b"), Path("/a b/users.acl"), 7)
    for line in ("bind 127.0.0.1", "port 7", 'dir "/a b"', "appendonly yes", "maxmemory-policy noeviction"):
        assert f"{line}\n" in text


def nothing(_: object = None) -> None:
    return None


BARE = Finder(
    which=nothing, jdk=nothing, redis=nothing, elasticsearch_is_here=lambda: False, root=True, platform="darwin"
)


def test_all_that_is_missing_is_said_at_once() -> None:
    with pytest.raises(PrerequisitesMissingError) as caught:
        check(["redis", "elasticsearch"], BARE)
    assert len(caught.value.missing) == 5
    for hint in ("openjdk-21-jdk-headless", "ES_JAVA_HOME", "install maven", "redis-server", "setpriv", "Linux"):
        assert hint in str(caught.value)


def test_only_what_is_needed_is_asked_for() -> None:
    finder = Finder(which=nothing, jdk=lambda: Path("/jdk"), redis=nothing, elasticsearch_is_here=lambda: True)
    assert check([], finder) == Found()
    assert check(["elasticsearch"], Finder(which=str, jdk=lambda: Path("/jdk"))) == Found("", Path("/jdk"), "mvn")
    with pytest.raises(PrerequisitesMissingError, match="redis-server") as caught:
        check(["redis"], finder)
    assert len(caught.value.missing) == 1


def test_the_users_own_elasticsearch_needs_its_password(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    with pytest.raises(LocalStackError, match="names es:9200: set WARRAQ_ELASTIC_PASSWORD_FILE"):
        adopt_password(tmp_path, {}, "http://someone:hidden@es:9200")
    file = tmp_path / "given"
    file.write_text("from a file\n")
    for environ in ({"WARRAQ_ELASTIC_PASSWORD": "from a file"}, {"WARRAQ_ELASTIC_PASSWORD_FILE": str(file)}):
        adopt_password(tmp_path, environ, "http://es:9200")
        assert (tmp_path / "secrets" / "elasticsearch" / "elastic_password").read_text() == "from a file"
