"""Retry-After, as it is sent."""

from datetime import UTC, datetime

import pytest

from ingest.errors import Permanent, Transient
from workers.web.answer import RETRY_AFTER_CAP_S, Answer, judged

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("300", 300),
        ("299.997", 299.997),
        ("120s", 120),
        ("30 seconds", 30),
        ("0", 0),
        ("-5", 0),
        ("nan", 0),
        ("inf", 0),
        ("9" * 15, RETRY_AFTER_CAP_S),
        ("9" * 30, RETRY_AFTER_CAP_S),
        ("9" * 5000, 0),
        ("299,5", 299.5),
        (".5", 0.5),
        ("300.", 300),
        ('"300"', 300),
        ("+300", 300),
        ("300; x", 300),
        ("60, 120", 60),
        ("5 minutes", 300),
        ("1h", 3600),
        ("1 day", 86_400),
        ("300;", 300),
        (f"{NOW.timestamp() + 300:.0f}", 300),
        (f"{NOW.timestamp() - 300:.0f}", 0),
        ("Mon, 23 Nov 2026 12:05:00 GMT", 300),
        ("Mon, 23 Nov 2026 12:05:00 -0000", 300),
        ("2026-11-23T12:05:00Z", 300),
        ("Mon, 23 Nov 2026 11:00:00 GMT", 0),
        ("soon", 0),
        ("", 0),
    ],
)
def test_retry_after(value: str, seconds: float) -> None:
    lines = [b"HTTP/1.1 429 Too Many Requests\r\n", f"Retry-After: {value}\r\n".encode()]
    with pytest.raises(Transient) as caught:
        judged(Answer("https://www.sahel.example/", 429, lines, b"", NOW).page(1000), conditional=False)
    assert caught.value.retry_after_s == seconds


@pytest.mark.parametrize("mark", ["\u200f", "\ufeff", "\u202b"])
def test_a_mark_before_a_redirects_goal_does_not_make_it_relative(mark: str) -> None:
    lines = [b"HTTP/1.1 302 Found\r\n", f"Location: {mark}https://other.example/1\r\n".encode()]
    assert Answer("https://www.sahel.example/", 302, lines, b"", NOW).target() == "https://other.example/1"


@pytest.mark.parametrize("status", [429, 500, 503, 507, 509, 520, 521, 522, 523, 524, 525, 526, 530, 598])
def test_an_origin_that_is_away_may_come_back(status: int) -> None:
    with pytest.raises(Transient, match=f"http_{status}"):
        judged(
            Answer("https://www.sahel.example/", status, [b"HTTP/1.1 x\r\n"], b"", NOW).page(1000), conditional=False
        )


@pytest.mark.parametrize("status", [400, 403, 404, 410, 501, 505, 511, 600])
def test_a_final_status_is_final(status: int) -> None:
    with pytest.raises(Permanent, match=f"http_{status}"):
        judged(
            Answer("https://www.sahel.example/", status, [b"HTTP/1.1 x\r\n"], b"", NOW).page(1000), conditional=False
        )
