"""docker-compose.yml, read without Docker: variables, anchors, every field the local stack uses."""

from pathlib import Path

import pytest

from deploy.local import compose, interpolate
from deploy.local.compose import Health
from deploy.local.errors import ComposeFileError

NAMES = {"A": "one", "EMPTY": ""}
SAMPLE = """
x-base: &base
  image: ${IMAGE:-warraq:0.1.0}
  restart: unless-stopped
  environment: &env {LEVEL: "${LEVEL:-INFO}", DEBUG: false, WORKERS: 2, GIVEN: }
services:
  secrets: {image: "warraq:0.1.0", build: ., command: [warraq, secrets], restart: "no"}
  redis: {image: "redis:7.2", command: redis-server --appendonly yes}
  fetch:
    <<: *base
    command: ["celery", "--hostname", "fetch@%h", "-c", 5]
    stop_grace_period: 1m40s
    stop_signal: SIGQUIT
    depends_on:
      secrets: {condition: service_completed_successfully}
      redis: {condition: service_healthy}
    healthcheck: {test: ["CMD", "python", "-m", "health"], interval: 15s, timeout: 500ms}
  flower:
    <<: *base
    entrypoint: [celery]
    command: flower
    environment: ["PORT=5555", "GIVEN", "ABSENT"]
    depends_on: [redis]
    healthcheck: {test: "curl $$HOST && true"}
  tools: {image: "warraq:0.1.0", profiles: [tools], command: "${UNSET:?only in the profile}"}
"""


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("plain", "plain"),
        ("$A-$$A-${A}", "one-$A-one"),
        ("${NO}|${EMPTY}", "|"),
        ("${NO:-d}${NO-d}", "dd"),
        ("${EMPTY:-d}|${EMPTY-d}", "d|"),
        ("${NO:-${A}/${NO:-x}}", "one/x"),
        ("${A:+yes}${NO:+yes}${EMPTY:+yes}${EMPTY+yes}", "yesyes"),
        ("${A:?must}", "one"),
        ("${NO:-a:b-c}", "a:b-c"),
    ],
)
def test_interpolation(source: str, expected: str) -> None:
    assert interpolate.text(source, NAMES) == expected


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("${NO:?set it, please}", "NO is not set: set it, please"),
        ("${EMPTY:?}", "EMPTY is not set"),
        ("${A", "without its }"),
        ("cost: 5 $", "write \\$\\$"),
        ("${A!b}", "cannot read"),
    ],
)
def test_interpolation_errors_say_what_is_wrong(source: str, says: str) -> None:
    with pytest.raises(ComposeFileError, match=says):
        interpolate.text(source, NAMES)


@pytest.mark.parametrize(
    ("text", "expected"), [("10s", 10), ("1m30s", 90), ("500ms", 0.5), ("1h", 3600), (5, 5), ("2.5s", 2.5)]
)
def test_durations(text: object, expected: float) -> None:
    assert compose.seconds(text) == expected


def test_a_wrong_duration_is_named() -> None:
    with pytest.raises(ComposeFileError, match="'soon' is no duration"):
        compose.seconds("soon")


@pytest.fixture
def services(tmp_path: Path) -> dict[str, compose.Service]:
    (tmp_path / "docker-compose.yml").write_text(SAMPLE)
    (tmp_path / ".env").write_text("LEVEL=DEBUG\nGIVEN=from the file\n")
    return compose.read(tmp_path / "docker-compose.yml", {"GIVEN": "from the shell"})


def test_services_with_a_profile_are_left_out(services: dict[str, compose.Service]) -> None:
    assert list(services) == ["secrets", "redis", "fetch", "flower"]


def test_our_own_image_is_known_by_name_or_by_build(services: dict[str, compose.Service]) -> None:
    assert [name for name, one in services.items() if one.ours] == ["secrets", "fetch", "flower"]


def test_a_worker(services: dict[str, compose.Service]) -> None:
    fetch = services["fetch"]
    assert fetch.command == ("celery", "--hostname", "fetch@%h", "-c", "5")
    assert fetch.environment == {"LEVEL": "DEBUG", "DEBUG": "false", "WORKERS": "2", "GIVEN": "from the shell"}
    assert fetch.after == {"secrets": "service_completed_successfully", "redis": "service_healthy"}
    assert fetch.health == Health(("python", "-m", "health"), 15, 0.5)
    assert (fetch.stop_s, fetch.stop_signal, fetch.restart) == (100, "QUIT", True)


def test_the_other_spellings(services: dict[str, compose.Service]) -> None:
    flower = services["flower"]
    assert flower.command == ("celery", "flower")
    assert flower.environment == {"PORT": "5555", "GIVEN": "from the shell"}
    assert flower.after == {"redis": "service_started"}
    assert flower.health == Health(("/bin/sh", "-c", "curl $HOST && true"))
    assert not services["secrets"].restart


@pytest.mark.parametrize("test", [["NONE"], None])
def test_no_healthcheck(test: object) -> None:
    assert compose.service("a", {"healthcheck": {"test": test}}, {}).health is None
    assert compose.service("a", {"healthcheck": {"test": ["CMD", "x"], "disable": True}}, {}).health is None


def test_a_missing_or_foreign_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ComposeFileError, match=r"docker-compose.yml is missing"):
        compose.read(tmp_path / "docker-compose.yml", {})
    (tmp_path / "docker-compose.yml").write_text("just: this\n")
    with pytest.raises(ComposeFileError, match="not a compose file"):
        compose.read(tmp_path / "docker-compose.yml", {})
