import time
from pathlib import Path

import pytest

from deploy.local import compose, plan
from deploy.local.errors import ComposeFileError
from deploy.local.places import CHECKOUT
from workers import health
from workers.settings import Settings, SettingsError, secret


def test_the_password_comes_from_its_file_into_the_url(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("a/b:c@d\n")
    made = Settings(redis_url="redis://app@redis:6379/0", redis_password_file=tmp_path / "password")
    assert made.broker_url == "redis://app:a%2Fb%3Ac%40d@redis:6379/0"
    assert Settings(redis_url="redis://h/1").broker_url == "redis://h/1"


def test_a_missing_secret_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"writer_key.*warraq up"):
        secret(tmp_path / "writer_key")


def test_the_environment_is_read_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARRAQ_POLITENESS_S", "7.5")
    monkeypatch.setenv("WARRAQ_FETCH_ALLOW", "127.0.0.0/8, ::1/128,")
    monkeypatch.setenv("WARRAQ_CONTACT_URL", "https://example.org/bot")
    made = Settings()
    assert made.politeness_s == 7.5
    assert made.allowed_networks == ("127.0.0.0/8", "::1/128")
    assert made.user_agent.endswith("(+https://example.org/bot)")
    assert Settings(fetch_allow="").allowed_networks == ()


@pytest.mark.parametrize(
    "contact", ["", "us", "https://", "mailto:us", "https://a.example/) evil (", "https://a\r\nX: y"]
)
def test_nobody_crawls_without_a_contact(contact: str) -> None:
    with pytest.raises(SettingsError, match=r"WARRAQ_CONTACT_URL is .* set it to a page about this crawler"):
        _ = Settings(contact_url=contact).user_agent


@pytest.mark.parametrize("contact", ["https://example.org/bot?a=b", "mailto:news@example.org", "http://[::1]/"])
def test_a_contact_is_a_page_or_an_address(contact: str) -> None:
    assert Settings(contact_url=contact).user_agent.endswith(f" (+{contact})")


def test_compose_refuses_to_start_without_a_contact_and_the_local_stack_has_one() -> None:
    with pytest.raises(ComposeFileError, match=r"WARRAQ_CONTACT_URL is not set: set it in \.env"):
        compose.read(CHECKOUT / "docker-compose.yml", {"WARRAQ_CONTACT_URL": ""})
    services = compose.read(CHECKOUT / "docker-compose.yml", {}, plan.LOCAL)
    assert Settings(contact_url=services["fetch"].environment["WARRAQ_CONTACT_URL"]).user_agent


def test_health_is_a_young_heartbeat(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    beat = tmp_path / "heartbeat"
    monkeypatch.setenv("WARRAQ_HEARTBEAT_FILE", str(beat))
    assert health.main() == 1
    beat.touch()
    assert health.main() == 0
    monkeypatch.setattr(time, "time", lambda: beat.stat().st_mtime + 31)
    assert health.main() == 1
    assert "31 s ago" in capsys.readouterr().err
