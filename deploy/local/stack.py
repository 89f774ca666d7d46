"""The stack without Docker: `up`, `down`, `status` and what tests need."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from deploy.local import (
    apt,
    node,
    orphans,
    other_elasticsearch,
    places,
    plan,
    ports,
    prerequisites,
    prometheus,
    supervise,
    supervisord,
)
from deploy.local.errors import LocalStackError
from deploy.local.program import Program, write_private
from deploy.local.service_status import ServiceStatus, line
from deploy.local.start import Bringer
from deploy.local.supervise import Supervisor
from deploy.local.waiting import all_well, wait

NOTHING: Mapping[str, str] = MappingProxyType({})
NO_DOORS: Mapping[str, int] = MappingProxyType({})
environment_file = plan.environment_file


@dataclass(frozen=True)
class Stack:
    """A running stack: its addresses, and the settings that a client on this machine needs."""

    home: Path
    redis_port: int
    elasticsearch_port: int
    flower_port: int
    metrics_port: int
    desk_port: int
    prometheus_port: int | None
    """None: there is none."""
    env: dict[str, str]


def home() -> Path:
    """Return the state folder of this checkout."""
    return places.home()


def up(
    overrides: Mapping[str, str] = NOTHING,
    heap: str = "512m",
    say: Callable[[str], None] = print,
    doors: Mapping[str, int] = NO_DOORS,
    *,
    monitoring: bool | None = None,
) -> Stack:
    """Bring everything up and return when it is healthy; with nothing to do it takes under a second.

    `overrides` are settings added to every Python service, or, as `service.NAME`, to one; `heap` is Elasticsearch's;
    `doors` are ports of proxies that services use in place of those of `redis` and `elasticsearch`; `monitoring` adds
    Prometheus, or takes it away (None: as before).
    """
    places.create(home())
    prometheus.want(home(), wish=monitoring)
    return _bring(None, overrides, heap, say, doors)


def services_up(
    names: Collection[str],
    overrides: Mapping[str, str] = NOTHING,
    heap: str = "512m",
    say: Callable[[str], None] = print,
) -> Stack:
    """Bring up some services, and those they depend on; others that run already keep running."""
    return _bring(names, overrides, heap, say, NO_DOORS)


def down(say: Callable[[str], None] = print) -> None:
    """Stop everything in reverse order and wait for it; the data stays."""
    place = home()
    if not place.exists():
        return
    with places.locked(place / "lock", say):
        supervisor = Supervisor(place)
        ran = supervisor.alive()
        if ran:
            known = supervisor.all().values()
            for level in sorted({one.priority for one in known}, reverse=True):
                supervisor.stop([one.name for one in known if one.priority == level])
            supervisor.shutdown()
        orphans.end(place, say)
    say(f"stopped; its data stays in {place}" if ran else "it was not running")


def status() -> list[ServiceStatus]:
    """Return the status of every service of the file, in the order in which they start."""
    place = home()
    supervisor = Supervisor(place)
    known = supervisor.all() if supervisor.alive() else {}
    made = [one for level in plan.levels(_programs(place)) for one in level]
    well = all_well([one for one in made if one.name in known], known)
    return [line(one, known.get(one.name), ok=well.get(one.name, False)) for one in made]


def restart(service: str, say: Callable[[str], None] = print) -> None:
    """Stop one service, start it with the settings it had, wait until it is healthy."""
    place = home()
    with places.locked(place / "lock", say):
        supervisor = _running(place)
        supervisor.info(service)
        supervisor.stop([service])
        supervisor.start(service)
        wait([_programs(place)[service]], supervisor, say)


def pid(service: str) -> int:
    """Return the pid of a running service: for tests that kill it."""
    info = _running(home()).info(service)
    if not info.pid:
        raise LocalStackError(f"{service} does not run: it is {info.state.lower()}")
    return info.pid


def _bring(
    names: Collection[str] | None,
    overrides: Mapping[str, str],
    heap: str,
    say: Callable[[str], None],
    doors: Mapping[str, int],
) -> Stack:
    place = home()
    places.create(place)
    with places.locked(place / "lock", say):
        supervisor = Supervisor(place)
        request = plan.Request(place, _ports(place, supervisor), dict(overrides), heap, say, doors=dict(doors))
        if url := request.other_elasticsearch:
            other_elasticsearch.adopt_password(place, request.environ, url)
        declared = plan.services(request)
        wanted = plan.closure(names, declared)
        found = apt.provide(wanted, say)
        if "elasticsearch" in wanted:
            node.reachable(place / "data", found.jdk / "bin")
        made = plan.programs(request, declared, found)
        everything = plan.levels(made)
        supervisor = supervise.ensure(place, supervisord.configuration(place, everything), say)
        stack = _stack(request, made)
        Bringer(supervisor, say).all([[one for one in level if one.name in wanted] for level in everything])
    return stack


def _ports(place: Path, supervisor: Supervisor) -> dict[str, int]:
    """Choose the ports; a service that runs keeps its own."""
    held = [name for name, info in supervisor.all().items() if info.up] if supervisor.alive() else []
    chosen = ports.choose(ports.load(place), held)
    ports.save(place, chosen)
    return chosen


def _programs(place: Path) -> dict[str, Program]:
    """Describe the services for a look at them, without their prerequisites."""
    request = plan.Request(place, {**ports.PREFERRED, **ports.load(place)}, {})
    return plan.programs(request, plan.services(request), prerequisites.Found())


def _stack(request: plan.Request, made: Mapping[str, Program]) -> Stack:
    """Collect a client's settings: those of `control`, which asks every store, then what only others have.

    What lies in a service's private folder (its heartbeat) is not for clients.
    """
    first = sorted(made.values(), key=lambda one: (one.name != "control", one.one_shot))
    private = f"{request.place}/run/"
    env: dict[str, str] = {}
    for one in first:
        for name, value in one.env.items():
            if name.startswith("WARRAQ_") and name != "WARRAQ_STACK" and private not in value:
                env.setdefault(name, value)
    write_private(request.place / "env", "".join(f"{name}={value}\n" for name, value in sorted(env.items())))
    numbers = request.ports
    return Stack(
        request.place,
        numbers["redis"],
        numbers["elasticsearch"],
        numbers["flower"],
        numbers["metrics"],
        numbers["desk"],
        numbers["prometheus"] if "prometheus" in made else None,
        env,
    )


def _running(place: Path) -> Supervisor:
    supervisor = Supervisor(place)
    if not supervisor.alive():
        raise LocalStackError(f"the stack in {place} is not running: start it with `warraq up`")
    return supervisor
