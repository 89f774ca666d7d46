"""The second pytest of `make test`: each of its reports counts, and so does its end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
THEIRS = """
import pytest
def test_good(): pass
def test_skipped(): pytest.skip("not here")
@pytest.mark.xfail
def test_known(): raise ValueError
"""


def run(folder: Path, theirs: str) -> subprocess.CompletedProcess[str]:
    for name, text in {"mine": "def test_mine(): pass", "theirs": theirs}.items():
        (folder / name).mkdir()
        (folder / name / f"test_{name}.py").write_text(text)
    command = [sys.executable, "-m", "pytest", "-p", "tests.beside", "--beside", "theirs", "-rs", "mine", "theirs"]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=60, check=False)


def test_both_are_one_result(tmp_path: Path) -> None:
    done = run(tmp_path, THEIRS)
    assert done.returncode == pytest.ExitCode.OK, done.stdout + done.stderr
    assert "2 passed, 1 skipped, 1 xfailed" in done.stdout.splitlines()[-1]


def test_a_failure_there_is_a_failure_here(tmp_path: Path) -> None:
    done = run(tmp_path, f"{THEIRS}\ndef test_bad(): assert 1 == 2")
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert "assert 1 == 2" in done.stdout
    assert "1 failed, 2 passed, 1 skipped, 1 xfailed" in done.stdout.splitlines()[-1]


@pytest.mark.parametrize("theirs", ["import nothing_of_that_name", "import os\ndef test_dies(): os._exit(0)"])
def test_one_that_does_not_come_to_its_end_is_no_success(theirs: str, tmp_path: Path) -> None:
    assert run(tmp_path, theirs).returncode not in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}
