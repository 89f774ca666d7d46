"""A desk on a fake Elasticsearch, and a browser of sorts."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

import pytest
import pytest_socket
from elasticsearch import Elasticsearch
from starlette.testclient import TestClient

from tests.fake_redis import MemoryRedis
from tests.fake_search import FakeNews
from tests.unit.workers.desk.cookies import cookie_of
from tests.unit.workers.desk.news import NOW, documents, furnish, furnish_sources
from workers.desk.app import application
from workers.desk.desk import Desk
from workers.desk.feeds import Feeds
from workers.desk.library import Library
from workers.desk.limiter import Limiter
from workers.desk.session import COOKIE
from workers.frontier.mailbox import Mailbox

PASSWORDS = {"reader": "reader's password", "editor": "editor's password"}
SignIn = Callable[..., TestClient]


@pytest.fixture(autouse=True)
def _no_network() -> Iterator[None]:
    """Allow the event loop its pair of sockets with itself, and no other."""
    pytest_socket.enable_socket()
    pytest_socket.disable_socket(allow_unix_socket=True)
    yield
    pytest_socket.enable_socket()
    pytest_socket.disable_socket()


@pytest.fixture
def news() -> FakeNews:
    found = FakeNews(docs=documents())
    furnish(found, *found.docs[:3])
    furnish_sources(found, NOW)
    return found


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox(MemoryRedis())


@pytest.fixture
def desk(news: FakeNews, tmp_path: Path, mailbox: Mailbox) -> Desk:
    library = Library(cast("Elasticsearch", news))
    return Desk(
        library, PASSWORDS, "key", Limiter(), Feeds(tmp_path, "key"), mailbox, ZoneInfo("Africa/Cairo"), lambda: NOW
    )


@pytest.fixture
def visitor(desk: Desk) -> Iterator[TestClient]:
    """Hand over a browser that has not signed in."""
    with TestClient(application(desk), base_url="https://desk.test", raise_server_exceptions=False) as browser:
        yield browser


@pytest.fixture
def reader(visitor: TestClient, desk: Desk) -> TestClient:
    return with_session(visitor, desk, "reader")


@pytest.fixture
def editor(visitor: TestClient, desk: Desk) -> TestClient:
    return with_session(visitor, desk, "editor")


def with_session(browser: TestClient, desk: Desk, role: str) -> TestClient:
    browser.cookies.set(COOKIE, cookie_of(desk, role), domain="desk.test")
    return browser


def signed_in(browser: TestClient, role: str) -> TestClient:
    answer = browser.post("/login", data={"token": token(browser), "name": role, "password": PASSWORDS[role]})
    assert answer.status_code == 200
    return browser


def token(browser: TestClient, path: str = "/login") -> str:
    """Return the token in the forms of a page."""
    return browser.get(path).text.split('name="token" value="')[1].split('"')[0]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
