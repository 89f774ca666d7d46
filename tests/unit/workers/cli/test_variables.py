"""Settings that are misspelt, or that come to nobody, are told of."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from deploy.local import plan, ports
from deploy.local.errors import LocalStackError
from deploy.local.places import CHECKOUT
from deploy.local.prerequisites import Found
from tests.unit.workers.cli.conftest import Command
from workers import cli
from workers.cli.variables import KNOWN, OF_CONTAINERS, refusal, unheeded, unread
from workers.settings import SettingsError, settings

MISSPELT = {
    "WARAQ_FETCH_SLOTS": "there is no setting WARAQ_FETCH_SLOTS; did you mean WARRAQ_FETCH_SLOTS?",
    "WARRAQ_FETCH_SLOT": "there is no setting WARRAQ_FETCH_SLOT; did you mean WARRAQ_FETCH_SLOTS?",
    "fetch.WARRAQ_LEASES": "there is no setting WARRAQ_LEASES; did you mean WARRAQ_LEASE_S?",
    "FETCH_SLOTS": "there is no setting FETCH_SLOTS; did you mean WARRAQ_FETCH_SLOTS?",
    "warraq_lease_s": "there is no setting warraq_lease_s; did you mean WARRAQ_LEASE_S?",
    "SLOTS": "there is no setting SLOTS",
    "WARRAQ_QQQQQQQQQQQQQQQQQQ": "there is no setting WARRAQ_QQQQQQQQQQQQQQQQQQ",
    "WARRAQ_ELASTICSEARCH_HEAP": "without Docker say `warraq up --heap`",
    "WARRAQ_DESK_PORT": "without Docker it changes nothing",
    "WARRAQ_HOME": "set it in the environment",
}


@pytest.fixture
def local(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A local stack that only says how it was called."""
    asked: list[dict[str, str]] = []

    def up(overrides: dict[str, str], *_: Any, **__: Any) -> SimpleNamespace:
        asked.append(overrides)
        doors = ("elasticsearch_port", "flower_port", "desk_port", "metrics_port", "prometheus_port")
        return SimpleNamespace(**dict.fromkeys(doors, 1), env=overrides)

    made = SimpleNamespace(
        up=up, asked=asked, LocalStackError=LocalStackError, environment_file=lambda: ({}, frozenset())
    )
    monkeypatch.setattr("workers.cli.stack.local_stack", lambda: made)
    return made


def said(text: str) -> str:
    return re.sub(r"[\s│]+", " ", text)


@pytest.mark.parametrize(("name", "why"), MISSPELT.items())
def test_set_refuses_what_nobody_would_read(warraq: Command, local: SimpleNamespace, name: str, why: str) -> None:
    done = warraq("up", "--set", f"{name}=3")
    assert (done.exit_code, why in said(done.stderr)) == (2, True), done.stderr
    assert local.asked == []


def test_set_takes_settings_and_says_what_is_none(warraq: Command, local: SimpleNamespace) -> None:
    done = warraq("up", "--set", "fetch.WARRAQ_LEASE_S=3", "--set", "AWS_REGION=x", "--set", "process.PYTHONPATH=y")
    assert done.exit_code == 0, done.output
    assert local.asked == [{"fetch.WARRAQ_LEASE_S": "3", "AWS_REGION": "x", "process.PYTHONPATH": "y"}]
    assert [line.partition(" ")[0] for line in done.stderr.splitlines()] == ["AWS_REGION", "process.PYTHONPATH"]


def test_up_says_what_of_the_environment_file_is_read_by_nobody(warraq: Command, local: SimpleNamespace) -> None:
    file = {"WARRAQ_FETCH_SLOT": "3", "WARRAQ_LEASE_S": "5", "WARRAQ_POLITENESS_S": "7"}
    local.environment_file = lambda: (file, {"WARRAQ_POLITENESS_S"})
    done = warraq("up")
    assert done.exit_code == 0, done.output
    told = said(done.stderr)
    assert "WARRAQ_FETCH_SLOT is no setting, and nothing reads it; did you mean WARRAQ_FETCH_SLOTS?" in told
    assert "WARRAQ_LEASE_S reaches no service from here: `warraq up --set WARRAQ_LEASE_S=…` does" in told
    assert "POLITENESS" not in told
    assert warraq("up", "--set", "WARRAQ_LEASE_S=5").stderr.count("LEASE") == 0


def test_every_command_says_what_of_its_environment_is_read_by_nobody(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WARRAQ_PAGES_URI", "x")
    monkeypatch.setattr(cli, "app", lambda: None)
    monkeypatch.setattr("structlog.configure", lambda **_: None)  # its stream ends with this test
    with pytest.raises(SystemExit):
        cli.main()
    assert "WARRAQ_PAGES_URI is no setting, and nothing reads it; did you mean WARRAQ_PAGES_URL?" in said(
        capsys.readouterr().err
    )


def test_the_environment_of_others_is_none_of_our_affair() -> None:
    assert unread(["PATH", "WARRANTY_X", "HOME", "WARRAQ_CHAOS_SKEW_S", "WARRAQ_HOME", "warraq_lease_s"]) == []
    assert unheeded({"WARRAQ_LEASE_S": "", "PATH": "x"}, (), {}) == []
    assert refusal("TZ") == ""


def test_the_names_are_those_that_the_compose_file_and_its_example_have() -> None:
    for file in ("docker-compose.yml", "deploy/env.example"):
        asked = set(re.findall(r"WARRAQ_[A-Z_]*[A-Z]", (CHECKOUT / file).read_text(encoding="utf-8")))
        assert {name for name in asked if name != "WARRAQ_KEEP"} <= KNOWN


def test_what_is_for_containers_changes_nothing_here(tmp_path: Path) -> None:
    def made(environ: dict[str, str]) -> list[Any]:
        asked = plan.Request(tmp_path, ports.PREFERRED, {}, environ={"WARRAQ_CONTACT_URL": "http://h/", **environ})
        programs = plan.programs(asked, plan.services(asked), Found("/redis", Path("/jdk"), "mvn")).values()
        return [(one.argv, {**one.env, "WARRAQ_ELASTICSEARCH_SHOWN_URL": ""}) for one in programs]

    assert made(dict.fromkeys(OF_CONTAINERS, "1")) == made({})
    assert made({"WARRAQ_PROCESS_CONCURRENCY": "1"}) != made({})


def test_a_value_that_is_none_is_named_with_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARRAQ_FETCH_SLOTS", "many")
    settings.cache_clear()
    with pytest.raises(SettingsError, match="WARRAQ_FETCH_SLOTS is 'many': Input should be a valid integer"):
        settings()
    settings.cache_clear()


BAD = {
    "WARRAQ_POLITENESS_S": "abc",
    "WARRAQ_FETCH_ALLOW": "127.0.0.0/8,junk",
    "WARRAQ_DESK_ZONE": "Mars/Base",
    "WARRAQ_PROCESS_LIMIT_S": "5",
}


@pytest.mark.parametrize(("name", "value"), BAD.items())
def test_a_value_that_no_process_could_start_with_is_refused_before_anything_is_written(
    warraq: Command, local: SimpleNamespace, name: str, value: str
) -> None:
    for asked in (name, f"fetch.{name}"):
        done = warraq("up", "--set", f"{asked}={value}")
        assert (done.exit_code, f"{name} is '{value}'" in said(done.stderr)) == (2, True), done.stderr
    local.environment_file = lambda: ({name: value}, frozenset({name}))
    done = warraq("up")
    assert (done.exit_code, f"{name} is '{value}'" in said(done.stderr)) == (2, True), done.stderr
    assert local.asked == []
    local.environment_file = lambda: ({name: ""}, frozenset({name}))
    assert warraq("up", "--set", f"{name}=").exit_code == 0
