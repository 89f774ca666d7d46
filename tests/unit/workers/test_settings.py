import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from redis import SSLConnection

from deploy.local import compose, plan
from deploy.local.errors import ComposeFileError
from deploy.local.places import CHECKOUT
from workers import health
from workers.app import app
from workers.celery_ext.broker import Channel, Transport
from workers.runtime import redis_client
from workers.settings import Settings, SettingsError, secret
from workers.store.connection import client


def test_the_password_comes_from_its_file_into_the_url(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("a/b:c@d\n")
    made = Settings(redis_url="redis://app@redis:6379/0", redis_password_file=tmp_path / "password")
    assert made.broker_url == "redis://app:a%2Fb%3Ac%40d@redis:6379/0"
    assert Settings(redis_url="redis://h/1").broker_url == "redis://h/1"


def test_addresses_of_redis_by_tls_and_of_the_sixth_version(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("p")
    made = Settings(redis_url="redis://app@[::1]/0", redis_password_file=tmp_path / "password")
    assert made.broker_url == "redis://app:p@[::1]:6379/0"
    made = Settings(
        redis_url="rediss://app@[fd00::2]:6380/1",
        redis_password_file=tmp_path / "password",
        redis_ca_file=Path("/etc/ca s.pem"),
    )
    assert made.broker_url == ("rediss://app:p@[fd00::2]:6380/1?ssl_cert_reqs=required&ssl_ca_certs=%2Fetc%2Fca+s.pem")
    unchecked = "rediss://h/1?ssl_cert_reqs=none"
    assert Settings(redis_url=unchecked).broker_url == unchecked


@pytest.mark.parametrize(
    ("url", "encrypted"),
    [("redis://[::1]:6379/0", False), ("rediss://app@[fd00::2]:6380/1", True)],
    ids=["plain", "tls"],
)
def test_celery_and_the_redis_client_take_the_same_address(url: str, *, encrypted: bool, tmp_path: Path) -> None:
    config = Settings(redis_url=url, redis_ca_file=tmp_path / "ca s.pem")
    mine = redis_client(config).connection_pool
    broker = app.connection_for_write(config.broker_url)
    assert broker.get_transport_cls() is Transport
    channel: Any = Channel.__new__(Channel)  # its __init__ asks the server
    channel.connection = SimpleNamespace(client=broker, default_port=6379)
    theirs = channel._connparams()
    assert issubclass(mine.connection_class, SSLConnection) == encrypted
    assert issubclass(theirs["connection_class"], SSLConnection) == encrypted
    for name in ("host", "port", "db", "ssl_ca_certs"):
        assert mine.connection_kwargs.get(name) == theirs.get(name)


def test_elasticsearch_may_be_several_hosts(tmp_path: Path) -> None:
    config = Settings(elasticsearch_url="https://a.example:9200, https://[fd00::2]:9200,")
    assert config.elasticsearch_hosts == ["https://a.example:9200", "https://[fd00::2]:9200"]
    with client(config) as elastic:
        assert {node.base_url for node in elastic.transport.node_pool.all()} == set(config.elasticsearch_hosts)
    ca = tmp_path / "ca.pem"
    ca.write_text("x")
    with client(config.model_copy(update={"elasticsearch_ca_file": ca})) as elastic:
        assert {node.config.ca_certs for node in elastic.transport.node_pool.all()} == {str(ca)}


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
