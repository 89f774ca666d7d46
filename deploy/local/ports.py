"""The ports on 127.0.0.1: chosen once, kept, so that addresses stay the same between runs."""

import json
import socket
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

# Each service's own port with a 1 before it: easy to remember, and seldom in use.
PREFERRED = {
    "redis": 16379,
    "elasticsearch": 19200,
    "flower": 15555,
    "metrics": 19540,
    "prometheus": 19090,
    "desk": 18000,
    "newsroom": 18080,
}


def is_free(port: int) -> bool:
    """Return whether nobody listens there; a port in TIME_WAIT counts as free, as it does for the servers."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def choose(saved: Mapping[str, int], held: Collection[str], free: Callable[[int], bool] = is_free) -> dict[str, int]:
    """Keep the saved port of a service that holds it now or could; else the next free one above the preferred."""
    chosen: dict[str, int] = {}
    for name, preferred in PREFERRED.items():
        port = saved.get(name, preferred)
        if not (name in held and name in saved):
            port = next(p for p in (port, *range(preferred, 65536)) if p not in chosen.values() and free(p))
        chosen[name] = port
    return chosen


def load(place: Path) -> dict[str, int]:
    """Read the ports of earlier runs; none, or an unreadable file, means none."""
    try:
        return {str(name): int(port) for name, port in json.loads((place / "ports.json").read_text()).items()}
    except (OSError, ValueError, AttributeError):
        return {}


def save(place: Path, ports: Mapping[str, int]) -> None:
    """Keep the ports for the next run."""
    (place / "ports.json").write_text(json.dumps(ports, indent=1) + "\n")
