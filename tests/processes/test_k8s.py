"""The manifests say what docker-compose.yml says, and the rules over them notice when they do not."""

import copy
import shutil
from collections.abc import Callable
from typing import Any

import pytest

from deploy.k8s import check
from deploy.k8s.lint import lint
from deploy.queues import queues


@pytest.fixture(scope="module")
def command() -> list[str]:
    if not (shutil.which("kustomize") or shutil.which("kubectl")):
        pytest.skip("neither kustomize nor kubectl is on PATH; `python -m deploy.k8s.check` builds one")
    found = check.kustomize()
    assert found
    return found


@pytest.fixture(scope="module")
def rendered(command: list[str]) -> list[Any]:
    return [dict(one) for one in check.render(command, check.OVERLAYS[0])]


def problems(manifests: list[Any], changed: list[Any]) -> list[str]:
    return [*check.invalid(changed), *lint(manifests, check.declared(), queues())]


def test_the_manifests_are_clean(rendered: list[Any]) -> None:
    assert problems(rendered, rendered) == []


def test_stores_may_be_elsewhere(command: list[str]) -> None:
    manifests = [dict(one) for one in check.render(command, "overlays/external")]
    assert problems(manifests, manifests) == []
    assert not [
        one for one in manifests if one["kind"] == "PersistentVolumeClaim" and one["metadata"]["name"] == "pages"
    ]
    assert "pages" not in {volume["name"] for volume in pod(manifests, "process")["spec"]["volumes"]}
    ways = {one["metadata"]["name"] for one in manifests if one["kind"] == "NetworkPolicy"}
    assert {"workers-to-external-stores", "setup-to-external-elasticsearch"} <= ways


def pod(manifests: list[Any], name: str) -> Any:
    (one,) = [
        one for one in manifests if one["metadata"]["name"] == name and one["kind"] in {"Deployment", "StatefulSet"}
    ]
    return one["spec"]["template"]


def of_kind(manifests: list[Any], kind: str) -> Any:
    return next(one for one in manifests if one["kind"] == kind)


def container(manifests: list[Any], name: str) -> Any:
    return pod(manifests, name)["spec"]["containers"][0]


MISTAKES: dict[str, tuple[Callable[[list[Any]], object], str]] = {
    "unknown field": (lambda m: container(m, "fetch").update(comand=[]), "comand"),
    "wrong type": (lambda m: pod(m, "poll")["spec"].update(terminationGracePeriodSeconds="long"), "'long' is not"),
    "command": (lambda m: container(m, "index")["command"].append("--purge"), "index: command differs"),
    "grace": (lambda m: pod(m, "process")["spec"].update(terminationGracePeriodSeconds=5), "process: ends after 5 s"),
    "internet": (
        lambda m: pod(m, "process")["metadata"]["labels"].update({"warraq/internet": "yes"}),
        "the internet is",
    ),
    "root": (lambda m: pod(m, "redis")["spec"]["securityContext"].pop("runAsNonRoot"), "redis: must not be root"),
    "capability": (
        lambda m: container(m, "beat")["securityContext"].pop("capabilities"),
        "beat: warraq: must drop ALL",
    ),
    "image": (lambda m: container(m, "flower").update(image="warraq:latest"), "flower: warraq: image 'warraq:latest'"),
    "memory": (lambda m: container(m, "fetch").pop("resources"), "fetch: warraq: needs a memory limit"),
    "health": (lambda m: container(m, "control").pop("envFrom"), "control: lacks"),
    "queue": (
        lambda m: of_kind(m, "ScaledObject")["spec"]["triggers"][0]["metadata"].update(listName="x"),
        "ScaledObject",
    ),
    "no such secret": (lambda m: m.remove(of_kind(m, "Secret")), "there is no Secret"),
    "no budget": (lambda m: m.remove(of_kind(m, "PodDisruptionBudget")), "needs a PodDisruptionBudget"),
    "two deciders": (
        lambda m: next(o for o in m if o["metadata"]["name"] == "fetch")["spec"].update(replicas=2),
        "replicas",
    ),
    "nobody waits": (lambda m: pod(m, "index")["spec"].pop("initContainers"), "index: must wait for setup"),
    "another setup": (
        lambda m: of_kind(m, "Job")["spec"]["template"]["spec"]["containers"][0].update(command=["true"]),
        "setup: there must be one Job",
    ),
    "wide": (
        lambda m: of_kind(m, "NetworkPolicy")["spec"].update(
            egress=[{"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}], "ports": [{"port": 443}]}]
        ),
        "opens addresses",
    ),
    "open": (lambda m: of_kind(m, "NetworkPolicy")["spec"].update(egress=[{}]), "NetworkPolicy"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_noticed(name: str, rendered: list[Any]) -> None:
    make, expected = MISTAKES[name]
    manifests = copy.deepcopy(rendered)
    make(manifests)
    found = problems(manifests, [one for one in manifests if one not in rendered])
    assert any(expected in problem for problem in found), found
