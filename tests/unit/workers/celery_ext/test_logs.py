"""What a line of the log looks like, and what it never holds."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from workers.celery_ext import logs


@pytest.fixture
def _as_before() -> Iterator[None]:
    root, known = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.configure(**known)


@pytest.mark.usefixtures("_as_before")
def test_ours_and_the_libraries_lines_are_json(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger().handlers.clear()  # pytest's own
    logs.set_up(logging.INFO)
    structlog.get_logger().warning("poll_failed", source="https://h/feed?key=s3cret", error="http_500")
    try:
        int("https://h/?token=s3cret")
    except ValueError:
        logging.getLogger("kombu").exception("no connection to %s", "redis://app:s3cret@redis:6379/0")
    logging.getLogger("celery.app.trace").info("Task succeeded")
    shown = capsys.readouterr()
    (ours,), (theirs,) = ([json.loads(line) for line in text.splitlines()] for text in (shown.out, shown.err))
    assert (ours["event"], ours["level"], ours["source"]) == ("poll_failed", "warning", "https://h/feed?…")
    assert theirs["event"] == "no connection to redis://***@redis:6379/0"
    assert (theirs["logger"], theirs["level"]) == ("kombu", "error")
    assert "ValueError" in theirs["exception"]
    assert "s3cret" not in shown.out + shown.err
    assert ours["timestamp"]


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("https://h/a?b=c&d answered 404", "https://h/a?… answered 404"),
        ("'http://h/?x', and https://g/y", "'http://h/?…', and https://g/y"),
        ("file:///texts/a.txt", "file:///texts/a.txt"),
        ("why? because", "why? because"),
        ("http://proxy:pass@host:1/", "http://***@host:1/"),
        ("redis://:s3cret@redis:6379/0 is away", "redis://***@redis:6379/0 is away"),
        ("https://s3cret@proxy/, user:s3@cret", "https://***@proxy/, user:s3@cret"),
        ("redis://app:s3@cret@redis:6379/0", "redis://***@redis:6379/0"),
        ("https://h/@user/1", "https://h/@user/1"),
        ("/feeds/s3cret/atom.xml", "/feeds/…/atom.xml"),
        ("https://h/feeds/news/rss.xml", "https://h/feeds/news/rss.xml"),
        ("mail a@b.example: http://h:80/", "mail a@b.example: http://h:80/"),
    ],
)
def test_addresses_lose_queries_and_passwords(text: str, clean: str) -> None:
    assert logs.without_secrets(None, "", {"detail": text, "n": 1}) == {"detail": clean, "n": 1}


def test_what_is_inside_of_a_value_is_cleaned_too() -> None:
    told = logs.without_secrets(None, "", {"found": ["http://h/?k=s3cret", 1], "by": {"at": ("http://u:s3cret@h/",)}})
    assert told == {"found": ["http://h/?…", 1], "by": {"at": ["http://***@h/"]}}
