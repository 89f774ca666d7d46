"""What the wheel holds: the files of deploy/ that the code reads, and what their licences ask for."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

from deploy.local.places import CHECKOUT


def test_the_wheel_has_what_the_code_reads_and_the_licences(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True)
    (file,) = tmp_path.glob("*.whl")
    with ZipFile(file) as wheel:
        names = set(wheel.namelist())
        (notice,) = (name for name in names if name.endswith("licenses/NOTICE"))
        assert "CC BY-SA 4.0" in wheel.read(notice).decode()
        (metadata,) = (name for name in names if name.endswith("/METADATA"))
        assert "License-Expression: Apache-2.0 AND CC-BY-SA-4.0" in wheel.read(metadata).decode()
    assert {
        "deploy/elasticsearch/lexicon.txt",
        "deploy/elasticsearch/analysis.json",
        "deploy/flower/flowerconfig.py",
        "deploy/redis/users.acl.tmpl",
        "workers/frontier/pop.lua",
    } <= names
