"""What Flower's list shows of a task."""

import runpy
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from deploy.local.places import CHECKOUT

Format = Callable[[SimpleNamespace], SimpleNamespace]


@pytest.fixture
def format_task(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Format:
    password = tmp_path / "password"
    password.write_text("x")
    monkeypatch.setenv("WARRAQ_FLOWER_PASSWORD_FILE", str(password))
    found: Format = runpy.run_path(str(CHECKOUT / "deploy" / "flower" / "flowerconfig.py"))["format_task"]
    return found


def task(**fields: object) -> SimpleNamespace:
    return SimpleNamespace(**{"args": "h/1", "result": None, "exception": None, **fields})


def test_an_exception_stands_where_articles_failures_stand(format_task: Format) -> None:
    assert format_task(task(exception="RedisError()")).result == "RedisError()"
    assert format_task(task(exception="http_404", result="http_404 u")).result == "http_404 u"


def test_an_address_with_arabic_letters_keeps_its_order(format_task: Format) -> None:
    assert format_task(task(args="h/خبر/7")).args == "h\u200e/\u200eخبر\u200e/\u200e7"
    assert format_task(task()).args == "h/1"
    assert format_task(task(args=None)).args is None
