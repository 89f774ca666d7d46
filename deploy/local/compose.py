"""Reads docker-compose.yml: the one place where the stack's processes are declared.

Understood is what that file uses: command, entrypoint, environment, healthcheck, depends_on, restart,
stop_grace_period, stop_signal, profiles, anchors and x- keys. Not understood, because one machine needs none of it:
networks, volumes, limits.
"""

import re
import shlex
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, cast

import yaml
from dotenv import dotenv_values

from deploy.local import interpolate
from deploy.local.errors import ComposeFileError

Condition = Literal["service_started", "service_healthy", "service_completed_successfully"]
_UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


@dataclass(frozen=True)
class Health:
    """A healthcheck: the command (exit 0 = healthy) and its rhythm in seconds; compose's own defaults."""

    command: tuple[str, ...]
    interval_s: float = 30.0
    timeout_s: float = 30.0


@dataclass(frozen=True)
class Service:
    """One service of the file, as this machine needs it."""

    name: str
    image: str = ""
    built: bool = False
    command: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    health: Health | None = None
    after: Mapping[str, Condition] = field(default_factory=dict)
    stop_s: float = 10.0
    stop_signal: str = "TERM"
    restart: bool = False

    @property
    def ours(self) -> bool:
        """Return whether it is a Python service: built here, or running our image."""
        return self.built or self.image.rpartition("/")[2].split(":")[0] == "warraq"


def read(
    file: Path,
    environ: Mapping[str, str],
    defaults: Mapping[str, str] = MappingProxyType({}),
    profiles: Collection[str] = (),
) -> dict[str, Service]:
    """Read the services without a profile, or of one of these.

    Variables come from `environ`, the .env beside the file, `defaults`.
    """
    if not file.is_file():
        raise ComposeFileError(f"{file} is missing: the stack is declared there; run inside a checkout of warraq")
    given = dotenv(file)
    names = {**given, **{name: text for name, text in defaults.items() if not given.get(name)}, **environ}
    try:
        raw = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["services"]
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise ComposeFileError(f"{file}: not a compose file with services ({error})") from error
    asked = set(profiles)
    wanted = {name: body for name, body in raw.items() if not body.get("profiles") or asked & set(body["profiles"])}
    return {name: service(name, interpolate.tree(body, names), names) for name, body in wanted.items()}


def dotenv(file: Path) -> dict[str, str]:
    """Read the .env beside the file; {} if there is none."""
    return {key: value or "" for key, value in dotenv_values(file.with_name(".env"), interpolate=False).items()}


def variables(file: Path) -> frozenset[str]:
    """Return the names of the variables that the file asks for."""
    return frozenset(re.findall(r"\$\{(\w+)", file.read_text(encoding="utf-8")))


def service(name: str, body: Mapping[str, Any], names: Mapping[str, str]) -> Service:
    """Turn one service's YAML, variables replaced, into a value."""
    return Service(
        name=name,
        image=str(body.get("image") or ""),
        built="build" in body,
        command=(*_words(body.get("entrypoint")), *_words(body.get("command"))),
        environment=_environment(body.get("environment") or {}, names),
        health=_health(body.get("healthcheck") or {}),
        after=_after(body.get("depends_on") or {}),
        stop_s=seconds(body.get("stop_grace_period", "10s")),
        stop_signal=str(body.get("stop_signal", "TERM")).removeprefix("SIG"),
        restart=str(body.get("restart", "no")) not in {"no", "False"},  # YAML 1.1 reads a bare no as False
    )


def seconds(text: object) -> float:
    """Read a duration: `1m30s`, `500ms`; a bare number is seconds."""
    written = str(text)
    parts = re.findall(r"([0-9.]+)(us|ms|s|m|h)", written)
    if "".join(number + unit for number, unit in parts) != written:
        try:
            return float(written)
        except ValueError:
            raise ComposeFileError(f"docker-compose.yml: {written!r} is no duration; write 30s or 1m30s") from None
    return sum(float(number) * _UNITS[unit] for number, unit in parts)


def _words(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    return (
        tuple(shlex.split(value)) if isinstance(value, str) else tuple(str(word) for word in cast("list[Any]", value))
    )


def _environment(value: Mapping[str, Any] | list[str], names: Mapping[str, str]) -> dict[str, str]:
    """Read both forms; a name without a value takes the caller's, or is absent."""
    if isinstance(value, list):
        pairs = [item.partition("=") for item in value]
        value = {name: text if equals else None for name, equals, text in pairs}
    given = {key: names.get(key) if item is None else _scalar(item) for key, item in value.items()}
    return {key: item for key, item in given.items() if item is not None}


def _scalar(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _health(body: Mapping[str, Any]) -> Health | None:
    test = body.get("test")
    if not test or body.get("disable") or test[0] == "NONE":
        return None
    shell = test if isinstance(test, str) else str(test[1]) if test[0] == "CMD-SHELL" else None
    command = ("/bin/sh", "-c", shell) if shell else _words(test[1:])
    return Health(command, seconds(body.get("interval", "30s")), seconds(body.get("timeout", "30s")))


def _after(value: Mapping[str, Any] | list[str]) -> dict[str, Condition]:
    if isinstance(value, list):
        return dict.fromkeys(value, "service_started")
    return {name: body.get("condition", "service_started") for name, body in value.items()}
