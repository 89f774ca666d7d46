"""What is decided from one hop to the next."""

from structlog.testing import capture_logs

from workers.web.http import _next_hop


def test_a_site_that_leaves_https_with_each_article_is_told_of_once() -> None:
    with capture_logs() as told:
        for number in range(3):
            _next_hop(f"https://old.example/{number}?k=secret", f"http://old.example/{number}", {})
        _next_hop("https://other.example/1", "http://other.example/1", {})
        _next_hop("https://good.example/1", "https://good.example/2", {})
    assert [(one["event"], one["host"]) for one in told] == [
        ("redirect_leaves_https", "old.example"),
        ("redirect_leaves_https", "other.example"),
    ]
