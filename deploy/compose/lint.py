"""Checks that the compose CLI does not make: rules over the JSON of `docker compose config --format json`.

Each rule yields sentences that name the service and what is wrong. `plain.py` brings the YAML file into the same form.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from deploy.queues import Queue, served

Node = Mapping[str, Any]

IN_FRONT = {"elasticsearch", "flower", "desk", "prometheus", "grafana"}
TOOL = "warraq"
"""The command line: `rules try URL` fetches too."""
MAKES_SECRETS = {"secrets", "setup"}
FORBIDDEN = {"WARRAQ_FETCH_ALLOW", "FLOWER_UNAUTHENTICATED_API"}
PINNED = re.compile(r"[a-z0-9_-]+(/[a-z0-9_.-]+)?:v?\d[\w.-]*(@sha256:[0-9a-f]{64})?")  # no dot before a slash: no host
SECRET_NAME = re.compile(r"PASSWORD|SECRET|TOKEN|_KEY")


def lint(config: Node, root: Path, queues: Sequence[Queue]) -> list[str]:
    """Return every problem, sorted; an empty list is a clean file."""
    services: dict[str, Node] = config["services"]
    known = {one.name: one for one in queues}
    by_service = (hardening, partial(lifetime, known), image, partial(networks, known), volumes, environment, files)
    found = [
        f"{name}: {text}" for name, body in services.items() for rule in by_service for text in rule(name, body, root)
    ]
    commands = {name: body.get("command") or [] for name, body in services.items()}
    wholes = (dependencies(services), ports(services), declared_networks(config.get("networks") or {}))
    return sorted(chain(found, served(commands, queues), *wholes))


def hardening(_name: str, body: Node, _root: Path) -> Iterator[str]:
    """Require an unprivileged user, a read-only image and limits on resources."""
    if str(body.get("user", "")).split(":")[0] in {"", "0", "root"}:
        yield "needs a user that is not root"
    if body.get("cap_drop") != ["ALL"] or body.get("cap_add") or body.get("privileged"):
        yield "must drop ALL capabilities and add none"
    if "no-new-privileges:true" not in body.get("security_opt", []):
        yield "needs security_opt no-new-privileges:true"
    if body.get("read_only") is not True:
        yield "needs read_only: true"
    for limit in ("mem_limit", "pids_limit"):
        if not body.get(limit):
            yield f"needs {limit}"
    if "max-size" not in body.get("logging", {}).get("options", {}):
        yield "needs a log that rotates (logging.options.max-size)"


def lifetime(queues: Mapping[str, Queue], name: str, body: Node, _root: Path) -> Iterator[str]:
    """Require a restart policy for all but one-shots, and enough time to stop cleanly."""
    if body.get("restart") not in {"unless-stopped", "no"}:
        yield "needs restart: unless-stopped, or no for a one-shot"
    if body.get("restart") != "no" and not has_health(body):
        yield "runs for ever and needs a healthcheck"
    grace = seconds(str(body.get("stop_grace_period", "")))
    longest = queues[name].longest_s if name in queues else 0
    if grace <= longest:
        yield f"stop_grace_period of {grace} s must be longer than {longest} s"


def image(_name: str, body: Node, _root: Path) -> Iterator[str]:
    """Require pinned versions, so that the same file gives the same software everywhere."""
    if not PINNED.fullmatch(str(body.get("image", ""))):
        yield f"image {body.get('image')!r} must be a name without a host and a version"


def networks(queues: Mapping[str, Queue], name: str, body: Node, _root: Path) -> Iterator[str]:
    """Allow the internet only to services that fetch, and the front network only to those that publish a port."""
    joined = set(body.get("networks") or {})
    if body.get("network_mode") != "none" and "back" not in joined:
        yield "must be on the network `back`, or on none"
    for network in sorted(joined - {"back"}):
        outward = network == "egress" and (name == TOOL or (name in queues and queues[name].internet))
        if not outward and not (network == "front" and name in IN_FRONT):
            yield f"must not be on the network `{network}`"
    if name in queues and queues[name].internet and "egress" not in joined:
        yield "must be on the network `egress`: its tasks ask the internet"


def volumes(name: str, body: Node, _root: Path) -> Iterator[str]:
    """Require read-only secrets, and forbid the engine's socket."""
    for mount in body.get("volumes") or []:
        if "docker.sock" in f"{mount.get('source')}{mount['target']}":
            yield "must not hold docker.sock"
        if mount["target"].startswith("/run/secrets") and not mount.get("read_only") and name not in MAKES_SECRETS:
            yield f"must mount {mount['target']} read-only"


def environment(_name: str, body: Node, _root: Path) -> Iterator[str]:
    """Require secrets in files, and forbid variables that switch off protection."""
    for variable in body.get("environment") or {}:
        if variable in FORBIDDEN:
            yield f"must not set {variable}"
        if SECRET_NAME.search(variable) and not variable.endswith(("_FILE", "_DIR")):
            yield f"{variable}: a secret belongs into a file (*_FILE)"


def files(_name: str, body: Node, root: Path) -> Iterator[str]:
    """Find the files of this checkout that the service builds from or names in its command."""
    build = body.get("build")
    paths = [Path(build["context"]) / build.get("dockerfile", "Dockerfile")] if build else []
    paths += [root / found for word in body.get("command") or [] for found in re.findall(r"/app/(\S+)", word)]
    for path in paths:
        if not path.is_file():
            yield f"{path.name} does not exist"


def dependencies(services: Mapping[str, Node]) -> Iterator[str]:
    """Forbid waiting for the health of a service without a healthcheck: that would never end."""
    for name, body in services.items():
        for target, how in (body.get("depends_on") or {}).items():
            if how["condition"] == "service_healthy" and not has_health(services[target]):
                yield f"{name}: waits for the health of {target}, which has no healthcheck"


def ports(services: Mapping[str, Node]) -> Iterator[str]:
    """Require that ports are published on loopback only, each once."""
    seen: dict[str, str] = {}
    for name, body in services.items():
        for port in body.get("ports") or []:
            if port.get("host_ip") != "127.0.0.1":
                yield f"{name}: port {port['target']} must be published on 127.0.0.1 only"
            if (other := seen.setdefault(str(port.get("published")), name)) != name:
                yield f"{name}: host port {port['published']} is already taken by {other}"


def declared_networks(declared: Mapping[str, Node | None]) -> Iterator[str]:
    """Require that neither the inner nor the front network has a route to the internet."""
    if not (declared.get("back") or {}).get("internal"):
        yield "network back: must be internal"
    options = (declared.get("front") or {}).get("driver_opts") or {}
    if options.get("com.docker.network.bridge.enable_ip_masquerade") != "false":
        yield "network front: must not masquerade"


def has_health(body: Node) -> bool:
    """Return whether the service has a health check that is not switched off."""
    check = body.get("healthcheck") or {}
    return bool(check.get("test")) and not check.get("disable")


def seconds(duration: str) -> int:
    """Read `1m30s`; nothing is 0."""
    return sum(
        int(number) * {"h": 3600, "m": 60, "s": 1}[unit] for number, unit in re.findall(r"(\d+)([hms])", duration)
    )
