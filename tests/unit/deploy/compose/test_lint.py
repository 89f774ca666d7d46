"""docker-compose.yml keeps our rules, and each rule catches the mistake that it is for."""

import copy
import re
from collections.abc import Callable
from typing import Any

import pytest

from deploy.compose.lint import lint
from deploy.compose.plain import FILLED_IN, read
from deploy.local.places import CHECKOUT
from deploy.queues import Queue
from workers.queues import described

COMPOSE = CHECKOUT / "docker-compose.yml"
CONFIG = read(COMPOSE)
QUEUES = [Queue(**one) for one in described()]

Services = dict[str, Any]


def test_the_file_is_clean() -> None:
    assert lint(CONFIG, CHECKOUT, QUEUES) == []


MUTATIONS: dict[str, tuple[Callable[[Services], Any], str]] = {
    "root": (lambda s: s["fetch"].update(user="0:0"), "fetch: needs a user that is not root"),
    "no user": (lambda s: s["redis"].pop("user"), "redis: needs a user that is not root"),
    "a capability": (lambda s: s["redis"].update(cap_add=["CHOWN"]), "redis: must drop ALL capabilities"),
    "new privileges": (lambda s: s["index"].pop("security_opt"), "index: needs security_opt no-new-privileges"),
    "writable image": (lambda s: s["elasticsearch"].update(read_only=False), "elasticsearch: needs read_only: true"),
    "no memory limit": (lambda s: s["process"].pop("mem_limit"), "process: needs mem_limit"),
    "no process limit": (lambda s: s["process"].pop("pids_limit"), "process: needs pids_limit"),
    "log without end": (lambda s: s["beat"].pop("logging"), "beat: needs a log that rotates"),
    "no restart": (lambda s: s["beat"].pop("restart"), "beat: needs restart"),
    "no healthcheck": (lambda s: s["poll"].pop("healthcheck"), "poll: runs for ever and needs a healthcheck"),
    "health of nothing": (lambda s: s["redis"]["healthcheck"].clear(), "fetch: waits for the health of redis"),
    "short grace": (lambda s: s["poll"].update(stop_grace_period="2m"), "poll: stop_grace_period of 120 s"),
    "default grace": (lambda s: s["fetch"].pop("stop_grace_period"), "fetch: stop_grace_period of 0 s"),
    "latest": (lambda s: s["redis"].update(image="redis:latest"), "redis: image 'redis:latest' must be"),
    "no version": (lambda s: s["redis"].update(image="redis"), "redis: image 'redis' must be"),
    "image host": (lambda s: s["redis"].update(image="a.example/redis:7.2"), "redis: image 'a.example/redis:7.2'"),
    "process goes out": (lambda s: s["process"].update(networks=["back", "egress"]), "process: must not be on the"),
    "no internet": (lambda s: s["poll"].update(networks=["back"]), "poll: must be on the network `egress`"),
    "other threads": (lambda s: s["fetch"]["command"].remove("50"), "fetch: command must be python -m workers worker"),
    "no worker": (lambda s: s.pop("index"), "index: nobody works on this queue"),
    "stray worker": (lambda s: s.update(more={**s["index"]}), "more: workers/queues.py has no such queue"),
    "fetch in front": (lambda s: s["fetch"].update(networks=["back", "front"]), "fetch: must not be on the network"),
    "host network": (lambda s: s["index"].update(networks=[], network_mode="host"), "index: must be on the network"),
    "open port": (lambda s: s["flower"]["ports"][0].update(host_ip=""), "flower: port 5555 must be published on"),
    "port twice": (lambda s: s["flower"]["ports"][0].update(published="9200"), "flower: host port 9200 is already"),
    "engine": (lambda s: s["fetch"]["volumes"].append({"target": "/run/docker.sock"}), "fetch: must not hold docker"),
    "secrets": (
        lambda s: s["index"]["volumes"][0].pop("read_only"),
        "index: must mount /run/secrets/workers read-only",
    ),
    "loopback": (lambda s: s["fetch"]["environment"].update(WARRAQ_FETCH_ALLOW="::1"), "fetch: must not set WARRAQ_"),
    "open flower": (
        lambda s: s["flower"]["environment"].update(FLOWER_UNAUTHENTICATED_API="true"),
        "flower: must not set FLOWER_UNAUTHENTICATED_API",
    ),
    "plain password": (
        lambda s: s["elasticsearch"]["environment"].update(ELASTIC_PASSWORD="x"),
        "elasticsearch: ELASTIC_PASSWORD: a secret belongs into a file",
    ),
    "no Dockerfile": (lambda s: s["secrets"]["build"].update(dockerfile="Dockerfil"), "secrets: Dockerfil does not"),
    "no file": (lambda s: s["flower"]["command"].append("--conf=/app/no.py"), "flower: no.py does not exist"),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_the_lint_catches(name: str) -> None:
    config = copy.deepcopy(CONFIG)
    mutate, expected = MUTATIONS[name]
    mutate(config["services"])
    assert any(problem.startswith(expected) for problem in lint(config, CHECKOUT, QUEUES))


@pytest.mark.parametrize(("network", "expected"), [("back", "must be internal"), ("front", "must not masquerade")])
def test_the_lint_catches_a_network_with_a_way_out(network: str, expected: str) -> None:
    config = {**CONFIG, "networks": {**CONFIG["networks"], network: {}}}
    assert lint(config, CHECKOUT, QUEUES) == [f"network {network}: {expected}"]


def test_elasticsearchs_config_volume_carries_its_images_version() -> None:
    """A named volume keeps the config of the image that filled it; a new version must begin with a new one."""
    body = CONFIG["services"]["elasticsearch"]
    config = next(mount for mount in body["volumes"] if mount["target"].endswith("/config"))
    assert config["source"] == f"elasticsearch-config-{body['image'].split(':')[1]}"


def test_all_fits_a_machine_of_4_gb() -> None:
    """What the services that stay may take, all at once, without a profile; tests/compose measures what they take."""
    units = {"m": 1, "g": 1024}
    staying = [body for body in CONFIG["services"].values() if body.get("restart") != "no" and not body.get("profiles")]
    limits = [str(body["mem_limit"]) for body in staying]
    assert sum(int(limit[:-1]) * units[limit[-1]] for limit in limits) <= 4096, limits


def test_env_example_explains_what_the_file_reads() -> None:
    """The same names with the same defaults: copying it changes nothing, and what must be filled in is empty."""
    code = "\n".join(line.partition(" #")[0] for line in COMPOSE.read_text().splitlines())
    read_here = dict(re.findall(r"\$\{(\w+):-([^}]*)\}", code)) | dict.fromkeys(FILLED_IN, "")
    example = (CHECKOUT / "deploy/env.example").read_text()
    assert dict(re.findall(r"^(\w+)=(.*)$", example, re.MULTILINE)) == read_here
    assert len(re.findall(r"\$\{\w+:[-?]", code)) == len(re.findall(r"(?<!\$)\$[{\w]", code))  # none without a default
