"""A compose project of its own on the real engine, with the demo's newsroom: make demo-compose, tests/compose."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import yaml

ROOT: Final = Path(__file__).parents[2]
FILES: Final = ("docker-compose.yml", "deploy/demo/compose.yml")
NEWSROOM_PORT: Final = 18080


def missing() -> str:
    """Say why nothing can be done on this machine; nothing, if it can."""
    for command in (("docker", "version"), ("docker", "compose", "version")):
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"{' '.join(command)}: {error}"
        if done.returncode:
            return f"{' '.join(command)}: {(done.stderr or done.stdout).strip().splitlines()[-1]}"
    return ""


@dataclass(frozen=True)
class Project:
    """The stack under a name and ports of its own, so that a person's own one is left alone.

    The ports are below those that the kernel hands out to connections by itself (32768 and more).
    """

    name: str
    elasticsearch_port: int = 29200
    flower_port: int = 25555
    desk_port: int = 28080
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))
    settings: Mapping[str, str] = field(default_factory=dict)
    files: Sequence[str] = FILES
    checkout: Path = ROOT

    def compose(self, *arguments: str, timeout: float = 600) -> subprocess.CompletedProcess[str]:
        """Run `docker compose`; its output is kept."""
        return subprocess.run(
            [*self._command(), *arguments],
            cwd=self.checkout,
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def warraq(self, *arguments: str, timeout: float = 600) -> subprocess.CompletedProcess[str]:
        """Run the command line as a user of the containers would."""
        return self.compose("run", "--rm", "--no-TTY", "warraq", *arguments, timeout=timeout)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command like `warraq` and do not wait; all it says comes through its standard output."""
        return subprocess.Popen(
            [*self._command(), "run", "--rm", "--no-TTY", "warraq", *arguments],
            cwd=self.checkout,
            env=self._environment(),
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def _command(self) -> list[str]:
        files = [word for file in self.files for word in ("--file", file)]
        return ["docker", "compose", "--project-name", self.name, "--env-file", os.devnull, *files]

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "DOCKER_HOST") if name in os.environ}
        return {
            **kept,
            "WARRAQ_CONTACT_URL": "https://example.org/demo",
            "WARRAQ_ELASTICSEARCH_PORT": str(self.elasticsearch_port),
            "WARRAQ_FLOWER_PORT": str(self.flower_port),
            "WARRAQ_DESK_PORT": str(self.desk_port),
            "WARRAQ_TEXTS": "./deploy/demo/texts",
            "WARRAQ_DEMO_YAML": str(Path(yaml.__file__).parent),
            "WARRAQ_DEMO_STARTED_AT": self.started_at.isoformat(),
            **self.settings,
        }
