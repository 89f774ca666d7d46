"""Translates container addresses and paths in commands and settings to those of this machine."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from deploy.local.compose import Health, Service


@dataclass(frozen=True)
class Machine:
    """Replacements for the containers' names: folders, ports, and Elasticsearch's address."""

    home: Path
    checkout: Path
    ports: Mapping[str, int]
    elasticsearch_url: str


def service(declared: Service, machine: Machine) -> Service:
    """Return the service with every container address and path replaced."""
    local = replacer(declared.name, machine)
    health = declared.health
    return replace(
        declared,
        command=tuple(local(word) for word in declared.command),
        environment={name: local(value) for name, value in declared.environment.items()},
        health=health and Health(tuple(local(w) for w in health.command), health.interval_s, health.timeout_s),
    )


def replacer(name: str, machine: Machine) -> Callable[[str], str]:
    """Return the replacement for one service.

    One pass over all names, so that a replaced text is never replaced again (the state folder may itself lie below
    /tmp); a path counts only where a path begins (/var/tmp/ is not /tmp/).
    """
    table = _table(name, machine)
    pattern = re.compile("|".join(_guarded(text) for text in table))
    return lambda text: pattern.sub(lambda found: table[found[0]], text)


def _table(name: str, machine: Machine) -> dict[str, str]:
    """List the replacements; earlier ones win, and the first two protect what is local already."""
    home, checkout, ports = str(machine.home), str(machine.checkout), machine.ports
    flower, newsroom = f"127.0.0.1:{ports['flower']}", f"127.0.0.1:{ports['newsroom']}"
    metrics, desk = f"127.0.0.1:{ports['metrics']}", f"127.0.0.1:{ports['desk']}"
    return {
        home: home,
        checkout: checkout,
        "http://elasticsearch:9200": machine.elasticsearch_url,
        "elasticsearch:9200": machine.elasticsearch_url.partition("://")[2],
        "redis:6379": f"127.0.0.1:{ports['redis']}",
        **{f"{host}:5555": flower for host in ("0.0.0.0", "127.0.0.1", "localhost", "flower")},  # noqa: S104
        **{f"{host}:9540": metrics for host in ("0.0.0.0", "127.0.0.1", "localhost", "metrics")},  # noqa: S104
        **{f"{host}:8080": newsroom for host in ("0.0.0.0", "127.0.0.1", "localhost", "newsroom")},  # noqa: S104
        **{f"{host}:8000": desk for host in ("0.0.0.0", "127.0.0.1", "localhost", "desk")},  # noqa: S104
        "--port=5555": f"--port={ports['flower']}",
        "--port=9540": f"--port={ports['metrics']}",
        "--port=8000": f"--port={ports['desk']}",
        "--port=8080": f"--port={newsroom.partition(':')[2]}",
        "0.0.0.0": "127.0.0.1",  # noqa: S104 - nothing local listens to the outside
        "/run/secrets": f"{home}/secrets",
        "/var/lib/warraq": f"{home}/data",
        "/tmp": f"{home}/run/{name}",  # noqa: S108 - a container's, private to it
        "/app": checkout,
    }


def _guarded(text: str) -> str:
    """Match whole names only: `redis:6379`, not `my-redis:6379`; `/app`, not `/apples` nor the user in `redis://app@`."""
    before = r"(?<![\w.-])(?<!:/)" if text.startswith("/") else r"(?<![\w.-])"
    return rf"{before}{re.escape(text)}(?![\w-]|\.\w)"
