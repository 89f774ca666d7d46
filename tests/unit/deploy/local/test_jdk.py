"""Which Java Elasticsearch may run on."""

from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.local import jdk

Maker = Callable[..., Path]


@pytest.fixture
def fake(tmp_path: Path) -> Maker:
    def make(name: str, version: int, lacks: str = "", release: bool = True) -> Path:  # noqa: FBT001, FBT002
        home = tmp_path / name
        (home / "bin").mkdir(parents=True)
        modules = [f"{one}@{version}.0.1" for one in ("java.base", *sorted(jdk.MODULES)) if one != lacks]
        java = home / "bin" / "java"
        java.write_text("#!/bin/sh\n" + "".join(f"echo {one}\n" for one in modules))
        java.chmod(0o755)
        if release:
            (home / "release").write_text(f'IMPLEMENTOR="x"\nJAVA_VERSION="{version}.0.1"\n')
        return home

    return make


@pytest.mark.parametrize(
    ("version", "lacks", "release", "usable"),
    [
        (17, "", True, False),
        (17, "", False, False),
        (21, "", True, True),
        (25, "", False, True),
        (25, "jdk.jlink", True, False),
    ],
)
def test_version_and_modules_decide(
    fake: Maker,
    version: int,
    lacks: str,
    release: bool,  # noqa: FBT001
    usable: bool,  # noqa: FBT001
) -> None:
    assert jdk.is_usable(fake("java", version, lacks, release)) is usable


def test_a_broken_java_is_no_java(tmp_path: Path) -> None:
    assert not jdk.is_usable(tmp_path)


def test_named_ones_come_first_and_each_once(fake: Maker, tmp_path: Path) -> None:
    named, newer, older = fake("named/a", 21), fake("jvm/java-25", 25), fake("jvm/java-17", 17)
    (tmp_path / "jvm" / "alias").symlink_to(newer)
    environ = {"JAVA_HOME": str(named), "ES_JAVA_HOME": str(tmp_path / "nothing"), "PATH": str(newer / "bin")}
    found = jdk.candidates(environ, [tmp_path / "jvm"])
    assert [one.resolve() for one in found] == [named, newer, older]
