"""`python -m deploy.compose.check`: docker-compose.yml through the real compose CLI, then through lint.py.

The CLI needs no engine for `config`. It is built once from its Go module (go.mod and go.sum here hold version and
hashes) into the user's cache; `go install` cannot, the module has `exclude` directives. Where it cannot be built the
lint runs over the YAML file alone, and says so; in CI that is an error.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dotenv import dotenv_values

from deploy.compose import plain
from deploy.compose.lint import lint
from deploy.local.compose import read
from deploy.queues import queues

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
COMMAND = "github.com/docker/compose/v5/cmd"


def main() -> int:
    """Return the exit code: 0 if the file is clean."""
    cli = compose_cli()
    if cli is None and os.environ.get("CI"):
        print("compose: CI must run the real compose CLI")
        return 1
    if cli is None:
        print("compose: THE REAL COMPOSE CLI DID NOT RUN, only our own lint over the YAML file")
    config, complaints = real_config(cli) if cli else (plain.read(ROOT / "docker-compose.yml"), "")
    problems = [*complaints.splitlines(), *(lint(config, ROOT, queues()) if config else [])]
    problems += disagreements(config) if cli and config else []
    print(*problems, sep="\n") if problems else print(f"compose: {len(config['services'])} services, no problem")
    return 1 if problems else 0


def compose_cli() -> Path | None:
    """Return the compose CLI, built if this version is not in the cache yet; None where that fails."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    cli = cache / "warraq" / f"compose-{version()}" / "docker-compose"
    if cli.exists():
        return cli
    if (go := shutil.which("go")) is None:
        print("compose: go is not on PATH")
        return None
    print(f"compose: building {COMMAND} {version()}, once (about a minute)")
    cli.parent.mkdir(parents=True, exist_ok=True)
    part = cli.with_name(f"docker-compose.{os.getpid()}")  # a killed build must not look finished
    flags = ["-mod=readonly", "-buildvcs=false", "-trimpath", "-ldflags", "-s -w"]
    built = subprocess.run([go, "build", *flags, "-o", str(part), COMMAND], cwd=HERE, check=False)
    return part.replace(cli) if built.returncode == 0 else None


def version() -> str:
    """Read the version that go.mod pins."""
    found = re.search(r"docker/compose/v5 (v\S+)", (HERE / "go.mod").read_text(encoding="utf-8"))
    return found[1] if found else "unknown"


def real_config(cli: Path) -> tuple[dict[str, Any], str]:
    """Return the CLI's rendering of the file and its complaints; it only warns of an unset variable."""
    options = ["--file", "docker-compose.yml", "--env-file", "deploy/env.example", "--profile", "*"]
    clean = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}  # no variable of the caller's
    command = [str(cli), *options, "config", "--format", "json"]
    done = subprocess.run(command, cwd=ROOT, env=clean | plain.FILLED_IN, capture_output=True, text=True, check=False)
    return (json.loads(done.stdout) if done.returncode == 0 else {}), done.stderr


def disagreements(config: Mapping[str, Any]) -> list[str]:
    """Return where the stack without Docker, which has a parser of its own, reads the file differently."""
    defaults = {name: value or "" for name, value in dotenv_values(ROOT / "deploy" / "env.example").items()}
    ours = read(ROOT / "docker-compose.yml", defaults | plain.FILLED_IN)
    real = {name: service for name, service in config["services"].items() if not service.get("profiles")}
    wrong = [f"{name}: read by one of the two only" for name in ours.keys() ^ real.keys()]
    for name, service in ours.items():
        theirs = real.get(name, {})
        said = {key: str(value).replace("$$", "$") for key, value in (theirs.get("environment") or {}).items()}
        wrong += [f"{name}: environment differs"] if dict(service.environment) != said else []
        words = [str(word).replace("$$", "$") for word in theirs.get("command") or []]
        wrong += [f"{name}: command differs"] if list(service.command) != words else []
    return wrong


if __name__ == "__main__":
    sys.exit(main())
