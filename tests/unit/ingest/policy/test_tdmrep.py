"""What a tdmrep.json reserves."""

import json
from datetime import UTC, datetime

import pytest

from ingest.model import Page
from ingest.policy.tdmrep import Reservation, reservation_of

POLICY = "https://h/policy.json"


def reserved(told: object, path: str) -> bool:
    page = Page(f"http://h{path}", 200, (), b"", datetime.now(UTC))
    return reservation_of(json.dumps(told).encode()).onto(page).header("tdm-reservation") == "1"


@pytest.mark.parametrize(
    ("told", "path", "expected"),
    [
        ([{"location": "/", "tdm-reservation": 1}], "/news/1", True),
        ([{"location": "/*", "tdm-reservation": "1"}], "/news/1", True),
        ({"location": "/", "tdm-reservation": 1}, "/news/1", True),
        ([{"location": "/", "tdm-reservation": 0}], "/news/1", False),
        ([{"location": "/news/*", "tdm-reservation": 1}], "/sport/1", False),
        ([{"location": "/", "tdm-reservation": 1}, {"location": "/open/", "tdm-reservation": 0}], "/open/1", False),
        ([{"location": "/", "tdm-reservation": 0}, {"location": "/news/", "tdm-reservation": 1}], "/news/1", True),
        ([{"location": "/*.pdf$", "tdm-reservation": 1}], "/a.pdf", True),
        ([{"location": "/خبر/", "tdm-reservation": 1}], "/%D8%AE%D8%A8%D8%B1/1", True),
        ([{"location": "/\nAllow: /", "tdm-reservation": 1}], "/1", False),
        ([{"location": ["/"], "tdm-reservation": 1}, "x", None, {"tdm-reservation": 1}], "/1", False),
        ([], "/1", False),
        ("text", "/1", False),
    ],
)
def test_the_longest_location_decides(told: object, path: str, expected: bool) -> None:  # noqa: FBT001
    assert reserved(told, path) is expected


def test_the_policy_goes_with_it() -> None:
    body = json.dumps([{"location": "/", "tdm-reservation": 1, "tdm-policy": POLICY}]).encode()
    page = reservation_of(body).onto(Page("http://h/1", 200, (), b"", datetime.now(UTC)))
    assert page.headers == (("tdm-reservation", "1"), ("tdm-policy", POLICY))


@pytest.mark.parametrize("body", [b"", b"<html>404</html>", b"[" * 100_000, b"{", b"\xff\xfe", b"[1, NaN]"])
def test_what_is_no_such_file_reserves_nothing(body: bytes) -> None:
    assert reservation_of(body) == Reservation()
