"""What is missing is installed by the first package that the archive has, and said."""

from collections.abc import Sequence

from deploy.local import apt
from deploy.local.errors import Missing, PrerequisitesMissingError


def test_the_first_package_that_the_archive_has_is_installed() -> None:
    ran: list[str] = []
    said: list[str] = []

    def run(command: Sequence[str]) -> bool:
        ran.append(command[-1])
        return command[-1] != "jdk-new"

    jdk = Missing("a JDK", "why", "how", ("jdk-new", "jdk-old"))
    assert apt.install(PrerequisitesMissingError((jdk, Missing("maven", "why", "how", ("maven",)))), said.append, run)
    assert ran == ["-q", "jdk-new", "jdk-old", "maven"]
    assert [line.rsplit(" ", 1)[1] for line in said] == ["jdk-new", "jdk-old", "maven"]


def test_what_no_package_brings_is_left_to_the_reader() -> None:
    def run(command: Sequence[str]) -> bool:
        raise AssertionError(command)

    assert not apt.install(PrerequisitesMissingError((Missing("Linux", "why", "how"),)), print, run)
