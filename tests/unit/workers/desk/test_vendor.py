"""What others made is as they published it, and says under which licence."""

import tomllib
from hashlib import sha256

from workers.desk.assets import FOLDER

VENDOR = FOLDER / "vendor"


def test_every_file_is_the_one_that_was_published() -> None:
    declared = tomllib.loads((VENDOR / "vendor.toml").read_text(encoding="utf-8"))
    found = {path.name: sha256(path.read_bytes()).hexdigest() for path in VENDOR.iterdir()}
    assert {name: found.pop(name) for name in declared} == {name: one["sha256"] for name, one in declared.items()}
    assert set(found) == {"vendor.toml"} | {one["licence_file"] for one in declared.values()}
