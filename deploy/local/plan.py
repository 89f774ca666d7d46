"""From docker-compose.yml to the programs of this machine, in the order in which they start."""

import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from deploy.local import (
    compose,
    elasticsearch,
    localize,
    node,
    other_elasticsearch,
    places,
    prerequisites,
    program,
    prometheus,
    redis,
)
from deploy.local.compose import Service
from deploy.local.errors import ComposeFileError, LocalStackError
from deploy.local.program import Program

COMPOSE_FILE = "docker-compose.yml"
PROFILES = ("metrics",)
LOCAL = {"WARRAQ_CONTACT_URL": "http://localhost/a-trial-on-one-machine"}
"""Defaults for a first look, which compose requires to be set."""


@dataclass(frozen=True)
class Request:
    """What one `up` was asked for."""

    place: Path
    ports: Mapping[str, int]
    overrides: Mapping[str, str]
    heap: str = "512m"
    say: Callable[[str], None] = print
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    checkout: Path = places.CHECKOUT
    doors: Mapping[str, int] = field(default_factory=dict)
    """Ports in front of `redis` and `elasticsearch` that the other services are sent to: proxies of a test."""

    @property
    def own_elasticsearch(self) -> str:
        """Return the address of a local node."""
        return f"http://127.0.0.1:{self.ports['elasticsearch']}"

    @property
    def other_elasticsearch(self) -> str | None:
        """Return the address of the user's own Elasticsearch, if one was named."""
        return other_elasticsearch.named(self.environ, self.own_elasticsearch)


def environment_file(checkout: Path = places.CHECKOUT) -> tuple[dict[str, str], frozenset[str]]:
    """Return what the .env of the checkout says, and the names of the variables that docker-compose.yml asks for."""
    file = checkout / COMPOSE_FILE
    return compose.dotenv(file), compose.variables(file)


def services(request: Request) -> dict[str, Service]:
    """Read the services that run on this machine, translated: the servers, and those of our own image.

    Raises LocalStackError for a setting of a service that there is not.
    """
    environ = {**request.environ, **request.overrides}
    profiles = (*PROFILES, prometheus.PROFILE) if prometheus.wanted(request.place) else PROFILES
    declared = compose.read(request.checkout / COMPOSE_FILE, environ, LOCAL, profiles)
    servers = {"redis", "prometheus"} | (set() if request.other_elasticsearch else {"elasticsearch"})
    kept = {name: one for name, one in declared.items() if one.ours or name in servers}
    _refuse_strangers(request.overrides, [name for name, one in kept.items() if one.ours])
    ports = {**request.ports, **request.doors}
    url = request.other_elasticsearch or f"http://127.0.0.1:{ports['elasticsearch']}"
    machine = localize.Machine(request.place, request.checkout, ports, url)
    return {name: _on(machine, one, kept) for name, one in kept.items()}


def _refuse_strangers(overrides: Collection[str], names: Collection[str]) -> None:
    for service, dot, _ in (name.partition(".") for name in overrides):
        if dot and service not in names:
            raise LocalStackError(f"{service}: no such service takes settings here; those that do: {', '.join(names)}")


def _on(machine: localize.Machine, one: Service, kept: Collection[str]) -> Service:
    after = {name: condition for name, condition in one.after.items() if name in kept}
    return localize.service(replace(one, after=after), machine)


def programs(request: Request, wanted: Mapping[str, Service], found: prerequisites.Found) -> dict[str, Program]:
    """Turn services into processes."""
    made: dict[str, Program] = {}
    for name, one in wanted.items():
        if name == "redis":
            made[name] = redis.program(request.place, one, found.redis, request.ports["redis"])
        elif name == "elasticsearch":
            port = request.ports["elasticsearch"]
            local = node.Node(request.place, found.jdk, found.maven, port, request.heap, request.say)
            made[name] = elasticsearch.program(local, one)
        elif name == "prometheus":
            made[name] = prometheus.program(request.place, one, request.checkout, request.ports)
        else:
            made[name] = _python(request, one)
    return made


def _python(request: Request, one: Service) -> Program:
    """Describe a process of our own image: the interpreter's `celery` and `warraq`, in the checkout."""
    if not one.command:
        raise ComposeFileError(f"{COMPOSE_FILE}: the service {one.name} has no command, and there is no image to ask")
    place = request.place
    tmp = {"TMPDIR": str(place / "run" / one.name)}
    env = {
        **places.base_environment(place),
        **tmp,
        **one.environment,
        **_for(one.name, request.overrides),
    }
    check = None
    if one.health:
        file, base = program.check_file(place, one.name), places.base_environment(place)
        check = program.check_by_script(file, one.health.timeout_s, base)
    return Program(
        name=one.name,
        argv=one.command,
        env=env,
        cwd=request.checkout,
        after=one.after,
        check=check,
        check_argv=one.health.command if one.health else (),
        check_every_s=min(1.0, one.health.interval_s) if one.health else 1.0,
        one_shot=not one.restart,
        stop_s=one.stop_s,
        stop_signal=one.stop_signal,
    )


def _for(service: str, overrides: Mapping[str, str]) -> dict[str, str]:
    """Return the overrides of one service: `NAME` is for all, `service.NAME` for it alone."""
    mine = {name.partition(".")[2]: value for name, value in overrides.items() if name.startswith(f"{service}.")}
    return {name: value for name, value in overrides.items() if "." not in name} | mine


def closure(names: Collection[str] | None, wanted: Mapping[str, Service]) -> dict[str, Service]:
    """Keep the named services and what they depend on; all when none are named."""
    queue = list(wanted if names is None else names)
    kept: set[str] = set()
    while queue:
        name = queue.pop()
        if name not in wanted:
            raise LocalStackError(f"{name}: no such service here; there are {', '.join(wanted)}")
        if name not in kept:
            kept.add(name)
            queue += wanted[name].after
    return {name: one for name, one in wanted.items() if name in kept}


def levels(made: Mapping[str, Program]) -> list[list[Program]]:
    """Order the programs: each level needs only earlier ones, and starts at the same time."""
    order = TopologicalSorter({name: one.after.keys() for name, one in made.items()})
    try:
        order.prepare()
    except CycleError as error:
        raise ComposeFileError(f"{COMPOSE_FILE}: depends_on goes in a circle: {' -> '.join(error.args[1])}") from error
    result = []
    while order.is_active():
        ready = order.get_ready()
        result.append([one for name, one in made.items() if name in ready])
        order.done(*ready)
    return result
