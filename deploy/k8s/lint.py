"""Checks beyond the schemas: rules over rendered manifests, and their agreement with docker-compose.yml."""

import re
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import ip_network
from itertools import chain
from typing import Any, Final

from deploy.local.compose import Service
from deploy.queues import Queue, served

Manifest = Mapping[str, Any]
PINNED: Final = re.compile(r"[a-z0-9_-]+(/[a-z0-9_.-]+)*:\d[\w.-]*")
HEALTH: Final = ["python", "-m", "workers.health"]

NAMES: Final = {
    "secret": ("Secret", "secretName"),
    "secretKeyRef": ("Secret", "name"),
    "secretTargetRef": ("Secret", "name"),
    "secretRef": ("Secret", "name"),
    "configMapRef": ("ConfigMap", "name"),
    "persistentVolumeClaim": ("PersistentVolumeClaim", "claimName"),
}
"""Where a spec names another manifest: the key, its kind, the field."""


def lint(manifests: Sequence[Manifest], declared: Mapping[str, Service], queues: Sequence[Queue]) -> list[str]:
    """Return every problem, sorted."""
    pods = {one["metadata"]["name"]: one for one in manifests if one["kind"] in {"Deployment", "StatefulSet"}}
    jobs = {one["metadata"]["name"]: one for one in manifests if one["kind"] == "Job"}
    settings: Mapping[str, str] = next((one["data"] for one in manifests if one["kind"] == "ConfigMap"), {})
    found = [
        f"{name}: {text}"
        for name, one in (pods | jobs).items()
        for rule in (hardening, volumes)
        for text in rule(one["spec"]["template"])
    ]
    return sorted(
        chain(
            found,
            references(manifests),
            compose(pods, declared, settings),
            set_up_first(pods, jobs, declared),
            served({name: command_of(one) for name, one in pods.items()}, queues),
            reach(manifests, pods, {one.name for one in queues if one.internet}),
            scaled(manifests, pods),
        )
    )


def hardening(template: Manifest) -> Iterator[str]:
    """Require an unprivileged user, a read-only image, no access to the cluster's API, and limits on resources."""
    spec = template["spec"]
    if not spec.get("securityContext", {}).get("runAsNonRoot") or not spec["securityContext"].get("runAsUser"):
        yield "must not be root"
    if spec.get("automountServiceAccountToken") is not False or spec.get("enableServiceLinks") is not False:
        yield "needs neither a token for the cluster nor the addresses of its services"
    for container in [*spec.get("initContainers", []), *spec["containers"]]:
        tight = container.get("securityContext", {})
        if tight.get("allowPrivilegeEscalation") is not False or tight.get("readOnlyRootFilesystem") is not True:
            yield f"{container['name']}: needs allowPrivilegeEscalation: false and readOnlyRootFilesystem: true"
        if tight.get("capabilities") != {"drop": ["ALL"]}:
            yield f"{container['name']}: must drop ALL capabilities and add none"
        if "memory" not in container.get("resources", {}).get("limits", {}):
            yield f"{container['name']}: needs a memory limit"
        if not PINNED.fullmatch(container["image"]):
            yield f"{container['name']}: image {container['image']!r} must be a name without a host and a version"
    for container in spec["containers"]:
        if "livenessProbe" not in container and spec.get("restartPolicy") != "OnFailure":
            yield f"{container['name']}: needs a livenessProbe"


def volumes(template: Manifest) -> Iterator[str]:
    """Require read-only secrets, and a declared volume behind every mount."""
    spec = template["spec"]
    known = {volume["name"] for volume in spec.get("volumes", [])} | {"data"}
    for container in spec["containers"]:
        for mount in container.get("volumeMounts", []):
            if mount["name"] not in known:
                yield f"mounts {mount['name']}, which is no volume of it"
            makes_keys = spec.get("restartPolicy") == "OnFailure"
            if mount["mountPath"].startswith("/run/secrets") and not (mount.get("readOnly") or makes_keys):
                yield f"must mount {mount['mountPath']} read-only"


def references(manifests: Sequence[Manifest]) -> Iterator[str]:
    """Find references to undeclared manifests: kustomize appends hashes to names only in the places it knows."""
    there = {(one["kind"], one["metadata"]["name"]) for one in manifests}
    for one in manifests:
        yield from (
            f"{one['metadata']['name']}: there is no {kind} {name}"
            for kind, name in _named(one.get("spec"))
            if (kind, name) not in there
        )


def _named(node: object) -> Iterator[tuple[str, str]]:
    """Yield the (kind, name) of every Secret, ConfigMap and claim that a manifest's spec refers to."""
    if isinstance(node, list):
        for one in node:
            yield from _named(one)
    if isinstance(node, dict):
        for key, value in node.items():
            if key in NAMES:
                kind, field = NAMES[key]
                yield from ((kind, one[field]) for one in (value if isinstance(value, list) else [value]))
            else:
                yield from _named(value)


def compose(
    pods: Mapping[str, Manifest], declared: Mapping[str, Service], settings: Mapping[str, str]
) -> Iterator[str]:
    """Compare commands, settings, health checks and grace periods of our own services with docker-compose.yml."""
    ours = {name: one for name, one in declared.items() if one.ours and one.restart}
    yield from (
        f"{name}: stands in one of the two only" for name in ours.keys() ^ (pods.keys() - {"redis", "elasticsearch"})
    )
    for name in ours.keys() & pods.keys():
        service, spec = ours[name], pods[name]["spec"]["template"]["spec"]
        (container,) = spec["containers"]
        names = {one["name"] for one in container.get("env", [])} | (
            settings.keys() if "envFrom" in container else set()
        )
        if list(service.command) != container["command"]:
            yield f"{name}: command differs from docker-compose.yml's"
        if missing := service.environment.keys() - names:
            yield f"{name}: lacks {', '.join(sorted(missing))}"
        if spec["terminationGracePeriodSeconds"] != service.stop_s:
            ends = spec["terminationGracePeriodSeconds"]
            yield f"{name}: ends after {ends} s, in docker-compose.yml {service.stop_s:g} s"
        probe = container["livenessProbe"].get("exec", {}).get("command")
        if service.health and list(service.health.command) == HEALTH != probe:
            yield f"{name}: its health is not asked by workers.health"


def set_up_first(
    pods: Mapping[str, Manifest], jobs: Mapping[str, Manifest], declared: Mapping[str, Service]
) -> Iterator[str]:
    """Have whoever waits for `setup` in docker-compose.yml wait for the Job that runs the same command."""
    if [command_of(job) for job in jobs.values()] != [list(declared["setup"].command)]:
        yield "setup: there must be one Job, with the command of docker-compose.yml"
    for name in (name for name, service in declared.items() if "setup" in service.after and name in pods):
        first = pods[name]["spec"]["template"]["spec"].get("initContainers", [])
        if [*declared["setup"].command, "--wait"] not in [one["command"] for one in first]:
            yield f"{name}: must wait for setup in an init container"


def reach(manifests: Sequence[Manifest], pods: Mapping[str, Manifest], wanted: set[str]) -> Iterator[str]:
    """Allow the internet only to pods that fetch: they have the label, and only its policy names address blocks."""
    labels = {name: one["spec"]["template"]["metadata"]["labels"] for name, one in pods.items()}
    marked = {name for name, marks in labels.items() if "warraq/internet" in marks}
    if marked != wanted:
        yield f"the internet is for {sorted(wanted)}, not for {sorted(marked)}"
    policies = [one for one in manifests if one["kind"] == "NetworkPolicy"]
    if not any(one["spec"]["podSelector"] == {} and not _rules(one) for one in policies):
        yield "no NetworkPolicy forbids everything first"
    for one in policies:
        fetches = "warraq/internet" in one["spec"]["podSelector"].get("matchLabels", {})
        if not fetches and any(_anywhere(rule) for rule in one["spec"].get("egress", [])):
            yield f"NetworkPolicy {one['metadata']['name']}: opens addresses to others than those who fetch"


def _anywhere(rule: Manifest) -> bool:
    """Return whether a rule opens more than pods, or than named ports of a network that is somebody's own."""
    blocks = [peer["ipBlock"]["cidr"] for peer in rule.get("to", []) if "ipBlock" in peer]
    return not rule.get("to") or any("ports" not in rule or not ip_network(block).is_private for block in blocks)


def scaled(manifests: Sequence[Manifest], pods: Mapping[str, Manifest]) -> Iterator[str]:
    """Require replicas in either KEDA or the manifest, and a PodDisruptionBudget where there are several."""
    by_kind = {
        kind: [one for one in manifests if one["kind"] == kind] for kind in ("ScaledObject", "PodDisruptionBudget")
    }
    targets = {one["spec"]["scaleTargetRef"]["name"] for one in by_kind["ScaledObject"]}
    guarded = {next(iter(one["spec"]["selector"]["matchLabels"].values())) for one in by_kind["PodDisruptionBudget"]}
    for name in targets - pods.keys():
        yield f"ScaledObject: there is no {name}"
    for name, one in pods.items():
        if (name in targets) == ("replicas" in one["spec"]):
            yield f"{name}: replicas must stand in the manifest or in a ScaledObject, and not in both"
        if (name in targets) != (name in guarded):
            yield f"{name}: whoever has several replicas needs a PodDisruptionBudget"


def command_of(pod: Manifest) -> list[str]:
    """Return the command of a pod's first container."""
    words: list[str] = pod["spec"]["template"]["spec"]["containers"][0].get("command", [])
    return words


def _rules(policy: Manifest) -> bool:
    return bool(policy["spec"].get("egress") or policy["spec"].get("ingress"))
