"""The desk on a fake Elasticsearch, in a real Chromium: Debian's, driven by Playwright."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import cast
from zoneinfo import ZoneInfo

import pytest
import pytest_socket
import uvicorn
from elasticsearch import Elasticsearch
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.fake_redis import MemoryRedis
from tests.fake_search import FakeNews
from tests.unit.workers.desk.cookies import cookie_of
from tests.unit.workers.desk.news import documents, furnish, furnish_sources
from workers.desk.app import application
from workers.desk.desk import Desk
from workers.desk.feeds import Feeds
from workers.desk.library import Library
from workers.desk.limiter import Limiter
from workers.desk.session import COOKIE
from workers.frontier.mailbox import Mailbox

PASSWORDS = {"reader": "reader's password", "editor": "editor's password"}
Visit = Callable[..., Page]


def is_complaint(line: ConsoleMessage) -> bool:
    """Tell whether a page complains, and not only about the answer that a test asks for (404)."""
    return line.type == "error" and "Failed to load resource: the server responded with a status of 4" not in line.text


@pytest.fixture(autouse=True)
def _sockets() -> None:
    """A browser talks to a server, both on this machine."""
    pytest_socket.enable_socket()


@pytest.fixture(scope="session")
def news() -> FakeNews:
    found = FakeNews(docs=documents(), like={"القطم": "القطن"})
    furnish(found, *found.docs[:3])
    furnish_sources(found, datetime.now(UTC))
    return found


@pytest.fixture(scope="session")
def mailbox() -> Mailbox:
    return Mailbox(MemoryRedis())


@pytest.fixture(scope="session")
def desk(news: FakeNews, tmp_path_factory: pytest.TempPathFactory, mailbox: Mailbox) -> Desk:
    library = Library(cast("Elasticsearch", news))
    return Desk(
        library,
        PASSWORDS,
        "key",
        Limiter(),
        Feeds(tmp_path_factory.mktemp("desk"), "key"),
        mailbox,
        ZoneInfo("Africa/Cairo"),
        lambda: datetime.now(UTC),
    )


@pytest.fixture(scope="session")
def address(desk: Desk) -> Iterator[str]:
    """Serve the desk on a free port."""
    pytest_socket.enable_socket()
    server = uvicorn.Server(uvicorn.Config(application(desk), port=0, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    found = shutil.which("chromium")
    if found is None:
        pytest.skip("chromium is not on PATH (Debian: apt-get install chromium)")
    pytest_socket.enable_socket()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])  # it refuses to run as root
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, address: str, desk: Desk) -> Iterator[Visit]:
    """Open the desk as somebody who has signed in; what a page complains about fails the test."""
    opened: list[BrowserContext] = []
    complaints: list[str] = []

    def visit(
        path: str = "/", role: str = "editor", language: str = "ar", width: int = 1400, **options: object
    ) -> Page:
        size = {"width": width, "height": 900}
        context = chromium.new_context(base_url=address, locale=language, viewport=size, **options)  # type: ignore[arg-type]
        context.set_default_timeout(10_000)
        opened.append(context)
        cookie = {"name": COOKIE, "value": cookie_of(desk, role), "url": address}
        context.add_cookies([cookie] if role else [])  # type: ignore[list-item]  # a dictionary of its own type
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(f"executed: {dialog.message}"))
        page.on("console", lambda line: complaints.append(line.text) if is_complaint(line) else None)
        page.goto(path)
        return page

    yield visit
    for context in opened:
        context.close()
    assert complaints == []
