"""The scripts that supervisor starts, run by a shell."""

import os
import subprocess
from pathlib import Path

import pytest

from deploy.local import program
from deploy.local.program import Program

AWKWARD = "it's 100% \"odd\"; # $HOME `x`\n \\ end'"


def test_the_start_script_passes_every_value_unharmed(tmp_path: Path) -> None:
    (tmp_path / "services").mkdir()
    printer = ("/bin/sh", "-c", 'printf "%s|%s|%s" "$VALUE" "$0" "$PWD"', AWKWARD)
    one = Program("odd", printer, {"VALUE": AWKWARD, "PATH": os.environ["PATH"]}, tmp_path)
    program.write_private(program.start_file(tmp_path, "odd"), program.script(one, tmp_path, "f"))
    done = subprocess.run(["/bin/sh", program.start_file(tmp_path, "odd")], capture_output=True, text=True, check=True)
    assert done.stdout == f"{AWKWARD}|{AWKWARD}|{tmp_path}"
    assert int(program.pid_file(tmp_path, "odd").read_text()) > 0


def test_a_start_begins_with_an_empty_private_folder(tmp_path: Path) -> None:
    (tmp_path / "services").mkdir()
    (tmp_path / "run" / "odd").mkdir(parents=True)
    (tmp_path / "run" / "odd" / "heartbeat").touch()
    one = Program("odd", ("/bin/ls", str(tmp_path / "run" / "odd")), {"PATH": os.environ["PATH"]}, tmp_path)
    program.write_private(program.start_file(tmp_path, "odd"), program.script(one, tmp_path, ""))
    done = subprocess.run(["/bin/sh", program.start_file(tmp_path, "odd")], capture_output=True, text=True, check=True)
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("command", "limit_s", "expected"), [("exit 0", 30, True), ("exit 1", 30, False), ("sleep 30", 0.3, False)]
)
def test_the_healthcheck_runs_here(tmp_path: Path, command: str, limit_s: float, expected: bool) -> None:  # noqa: FBT001
    path = tmp_path / "a.health"
    path.write_text(program.check_script(Program("a", (), {}, tmp_path, check_argv=("/bin/sh", "-c", command))))
    assert program.check_by_script(path, limit_s, {})() is expected
