"""Prometheus beside the local stack: the one on the PATH, with the configuration and the rules of deploy/monitoring."""

import hashlib
import shutil
import socket
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from deploy.local import places
from deploy.local.compose import Service
from deploy.local.errors import Missing, PrerequisitesMissingError
from deploy.local.program import Program, write_private

MISSING = Missing("Prometheus", "`--monitoring` starts it", "apt-get install prometheus", ("prometheus",))


PROFILE = "monitoring"


def wanted(place: Path) -> bool:
    """Return whether a stack has it."""
    return (place / PROFILE).exists()


def want(place: Path, *, wish: bool | None) -> None:
    """Have it from now on, or no more; None: as before. Raises PrerequisitesMissingError."""
    if wish and shutil.which("prometheus") is None:
        raise PrerequisitesMissingError((MISSING,))
    if wish:
        (place / PROFILE).touch()
    elif wish is False:
        (place / PROFILE).unlink(missing_ok=True)


def program(place: Path, declared: Service, checkout: Path, ports: Mapping[str, int]) -> Program:
    """Describe the process: what compose declares, but for folders and addresses."""
    file, data = place / "services" / "prometheus.yml", place / "data" / "prometheus"
    local = {"config.file": str(file), "storage.tsdb.path": str(data)}
    kept = [word for word in declared.command if word.removeprefix("--").partition("=")[0] not in local]
    own = {**local, "web.listen-address": f"127.0.0.1:{ports['prometheus']}"}
    return Program(
        name=declared.name,
        argv=(shutil.which("prometheus") or "prometheus", *kept, *(f"--{name}={value}" for name, value in own.items())),
        env=places.base_environment(place),
        cwd=place / "data",
        after=declared.after,
        check=partial(_listens, ports["prometheus"]),
        stop_s=declared.stop_s,
        prepare=partial(prepare, file, checkout / "deploy" / "monitoring", ports["metrics"]),
    )


def prepare(file: Path, folder: Path, metrics: int) -> str:
    """Write the configuration of this machine; return it with the rules, since a change of either needs a restart."""
    text = (folder / "prometheus.yml").read_text(encoding="utf-8")
    text = text.replace("metrics:9540", f"127.0.0.1:{metrics}").replace("[rules.yml]", f'["{folder / "rules.yml"}"]')
    write_private(file, text)
    return hashlib.sha256(text.encode() + (folder / "rules.yml").read_bytes()).hexdigest()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
