"""From the compose file to this machine's programs: addresses, paths, order, ports."""

import itertools
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from deploy.local import localize, places, plan, ports, prometheus
from deploy.local.compose import Condition, Health, Service
from deploy.local.errors import ComposeFileError, LocalStackError
from deploy.local.prerequisites import Found
from deploy.local.program import Program

NUMBERS = {"redis": 1, "elasticsearch": 2, "flower": 3, "newsroom": 4, "metrics": 5, "prometheus": 6, "desk": 7}
MACHINE = localize.Machine(Path("/tmp/home"), Path("/var/lib/warraq/checkout"), NUMBERS, "http://127.0.0.1:2")
COMPOSE = """
services:
  secrets: {image: "warraq:1", command: [warraq, secrets], environment: {WARRAQ_SECRETS_DIR: /run/secrets}}
  redis: {image: "redis:7", depends_on: {secrets: {condition: service_completed_successfully}}}
  elasticsearch: {image: "elasticsearch:9", depends_on: {secrets: {condition: service_completed_successfully}}}
  kibana: {image: "kibana:9", depends_on: [elasticsearch]}
  setup:
    {image: "warraq:1", command: [warraq, setup], environment: {WARRAQ_ELASTICSEARCH_URL: "http://elasticsearch:9200"},
     depends_on: {elasticsearch: {condition: service_healthy}}}
  fetch:
    image: warraq:1
    command: [celery, worker]
    restart: unless-stopped
    environment: {WARRAQ_POLITENESS_S: "${WARRAQ_POLITENESS_S:-5}", WARRAQ_HEARTBEAT_FILE: /tmp/heartbeat}
    healthcheck: {test: [CMD, "true"], interval: 15s}
    depends_on: {setup: {condition: service_completed_successfully}, redis: {condition: service_healthy}, kibana: {}}
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("redis://app@redis:6379/0", "redis://app@127.0.0.1:1/0"),
        ("http://elasticsearch:9200/x", "http://127.0.0.1:2/x"),
        ("elasticsearch:9200", "127.0.0.1:2"),
        ("my-redis:6379", "my-redis:6379"),
        ("http://127.0.0.1:5555/healthcheck", "http://127.0.0.1:3/healthcheck"),
        ("0.0.0.0:5555", "127.0.0.1:3"),
        ("--port=5555", "--port=3"),
        ("--port=55551", "--port=55551"),
        ("--address=0.0.0.0", "--address=127.0.0.1"),
        ("/run/secrets", "/tmp/home/secrets"),
        ("/run/secrets/a /run/secrets/b", "/tmp/home/secrets/a /tmp/home/secrets/b"),
        ("file:///var/lib/warraq/pages", "file:///tmp/home/data/pages"),
        ("/tmp/heartbeat", "/tmp/home/run/fetch/heartbeat"),
        ("/tmp/home/data", "/tmp/home/data"),
        ("/var/tmp/x /tmpfs", "/var/tmp/x /tmpfs"),
        ("--conf=/app/deploy/f.py", "--conf=/var/lib/warraq/checkout/deploy/f.py"),
        ("/apples", "/apples"),
        ("/var/lib/warraq/checkout/x", "/var/lib/warraq/checkout/x"),
    ],
)
def test_container_names_become_this_machines(text: str, expected: str) -> None:
    assert localize.replacer("fetch", MACHINE)(text) == expected


def test_command_environment_and_healthcheck_are_all_translated() -> None:
    one = Service("a", command=("x", "/app/y"), environment={"R": "redis:6379"}, health=Health(("c", "/tmp/h"), 1, 2))
    local = localize.service(one, MACHINE)
    assert local.command == ("x", "/var/lib/warraq/checkout/y")
    assert local.environment == {"R": "127.0.0.1:1"}
    assert local.health == Health(("c", "/tmp/home/run/a/h"), 1, 2)


def request(tmp_path: Path, environ: Mapping[str, str] | None = None) -> plan.Request:
    (tmp_path / "docker-compose.yml").write_text(COMPOSE)
    home = tmp_path / "home"
    return plan.Request(home, NUMBERS, {"WARRAQ_POLITENESS_S": "0"}, environ=environ or {}, checkout=tmp_path)


def made(asked: plan.Request) -> dict[str, Program]:
    return plan.programs(asked, plan.services(asked), Found("/usr/bin/redis-server", Path("/jdk"), "mvn"))


def test_every_part_of_the_stack_becomes_a_program(tmp_path: Path) -> None:
    programs = made(request(tmp_path))
    assert list(programs) == ["secrets", "redis", "elasticsearch", "setup", "fetch"]
    assert programs["redis"].argv[0] == "/usr/bin/redis-server"
    assert "org.elasticsearch.server.launcher.ServerLauncher" in programs["elasticsearch"].argv
    assert [name for name, one in programs.items() if one.one_shot] == ["secrets", "setup"]


def test_a_worker_gets_settings_of_file_machine_and_override(tmp_path: Path) -> None:
    fetch = made(request(tmp_path))["fetch"]
    assert fetch.env["WARRAQ_POLITENESS_S"] == "0"
    assert fetch.env["WARRAQ_HEARTBEAT_FILE"] == str(tmp_path / "home" / "run" / "fetch" / "heartbeat")
    assert fetch.env["PATH"].startswith(str(places.interpreter_folder()))
    assert fetch.env["WARRAQ_STACK"] == str(tmp_path / "home")
    assert (fetch.check_every_s, fetch.cwd) == (1.0, tmp_path)


def test_a_setting_may_be_one_services_alone_if_there_is_such_a_service(tmp_path: Path) -> None:
    asked = replace(request(tmp_path), overrides={"fetch.WARRAQ_LEASE_S": "1"})
    assert made(asked)["fetch"].env["WARRAQ_LEASE_S"] == "1"
    assert "WARRAQ_LEASE_S" not in made(asked)["setup"].env
    for stranger in ("fech", "redis"):  # no Python of ours: nobody would hand it on
        asked = replace(request(tmp_path), overrides={f"{stranger}.WARRAQ_LEASE_S": "1"})
        with pytest.raises(LocalStackError, match=f"{stranger}: no such service takes settings here.* setup, fetch"):
            plan.services(asked)


def test_the_environment_file_and_what_the_compose_file_asks_for(tmp_path: Path) -> None:
    assert request(tmp_path)
    assert plan.environment_file(tmp_path) == ({}, frozenset({"WARRAQ_POLITENESS_S"}))
    (tmp_path / ".env").write_text("WARRAQ_LEASE_S=5\nWARRAQ_EMPTY\n")
    assert plan.environment_file(tmp_path)[0] == {"WARRAQ_LEASE_S": "5", "WARRAQ_EMPTY": ""}


def test_the_order(tmp_path: Path) -> None:
    levels = [[one.name for one in level] for level in plan.levels(made(request(tmp_path)))]
    assert levels == [["secrets"], ["redis", "elasticsearch"], ["setup"], ["fetch"]]


def test_a_circle_is_named() -> None:
    def one(name: str, after: str) -> Program:
        needs = cast("Mapping[str, Condition]", {after: "service_started"})
        return Program(name, ("x",), {}, Path(), after=needs)

    with pytest.raises(ComposeFileError, match="circle"):
        plan.levels({"a": one("a", "b"), "b": one("b", "a")})


def test_some_services_bring_what_they_depend_on(tmp_path: Path) -> None:
    services = plan.services(request(tmp_path))
    assert list(plan.closure(["setup"], services)) == ["secrets", "elasticsearch", "setup"]
    assert list(plan.closure(None, services)) == list(services)
    with pytest.raises(LocalStackError, match="kibana: no such service here"):
        plan.closure(["kibana"], services)


def test_the_users_own_elasticsearch_replaces_the_local_one(tmp_path: Path) -> None:
    services = plan.services(request(tmp_path, {"WARRAQ_ELASTICSEARCH_URL": "https://es.example:9243/"}))
    assert "elasticsearch" not in services
    assert services["setup"].environment["WARRAQ_ELASTICSEARCH_URL"] == "https://es.example:9243"
    assert services["setup"].after == {}


def test_a_shell_that_knows_the_local_node_does_not_name_another(tmp_path: Path) -> None:
    asked = request(tmp_path, {"WARRAQ_ELASTICSEARCH_URL": "http://127.0.0.1:2"})
    assert asked.other_elasticsearch is None


def test_a_service_without_a_command_is_an_error(tmp_path: Path) -> None:
    asked = request(tmp_path)
    services = {"a": replace(plan.services(asked)["fetch"], name="a", command=())}
    with pytest.raises(ComposeFileError, match="a has no command"):
        plan.programs(asked, services, Found())


def test_ports_are_the_preferred_ones() -> None:
    assert ports.choose({}, [], lambda _: True) == ports.PREFERRED


def test_a_taken_port_gives_way_to_the_next_free_one() -> None:
    chosen = ports.choose({}, [], lambda port: port not in {16379, 16380})
    assert (chosen["redis"], chosen["flower"]) == (16381, 15555)


def test_a_saved_port_stays_while_free_or_held_by_ourselves() -> None:
    saved = {"redis": 20000, "flower": 20001}
    assert ports.choose(saved, [], lambda _: True)["redis"] == 20000
    chosen = ports.choose(saved, ["redis"], lambda port: port < 20000)
    assert (chosen["redis"], chosen["flower"]) == (20000, 15555)


def test_no_port_is_given_twice() -> None:
    counter = itertools.count()
    chosen = ports.choose({"redis": 15555}, [], lambda _: next(counter) >= 0)
    assert len(set(chosen.values())) == len(chosen)


def test_ports_survive_on_disk_and_nonsense_is_no_harm(tmp_path: Path) -> None:
    ports.save(tmp_path, NUMBERS)
    assert ports.load(tmp_path) == NUMBERS
    (tmp_path / "ports.json").write_text("[nonsense")
    assert ports.load(tmp_path) == {}


@pytest.mark.parametrize("root", [True, False])
def test_home(root: bool) -> None:  # noqa: FBT001
    assert places.home({"WARRAQ_HOME": "/elsewhere"}, root=root) == Path("/elsewhere")
    chosen = places.home({}, root=root)
    assert chosen.parent == (Path("/var/lib/warraq") if root else places.CHECKOUT)
    assert chosen == places.home({}, root=root)


def test_prometheus_is_a_program_of_those_who_want_it(tmp_path: Path) -> None:
    asked = plan.Request(tmp_path / "home", NUMBERS, {}, environ={}, checkout=places.CHECKOUT)
    assert "prometheus" not in made(asked)
    (asked.place / "services").mkdir(parents=True)
    (asked.place / prometheus.PROFILE).touch()
    one = made(asked)["prometheus"]
    assert "grafana" not in made(asked), "it is no package of Debian's"
    assert one.argv[-1] == "--web.listen-address=127.0.0.1:6"
    assert "--storage.tsdb.retention.time=30d" in one.argv
    assert not [word for word in one.argv if "/etc/prometheus" in word]
    assert one.prepare() == one.prepare()
    written = (asked.place / "services" / "prometheus.yml").read_text()
    assert '"127.0.0.1:5"' in written
    assert str(places.CHECKOUT / "deploy" / "monitoring" / "rules.yml") in written
    prometheus.want(asked.place, wish=None)
    assert prometheus.wanted(asked.place)
    prometheus.want(asked.place, wish=False)
    assert not prometheus.wanted(asked.place)
