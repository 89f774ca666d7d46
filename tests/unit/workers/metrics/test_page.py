"""docs/metrics.md says what the table says."""

from deploy.local.places import CHECKOUT
from workers.metrics.page import text


def test_the_page_is_current() -> None:
    assert (CHECKOUT / "docs" / "metrics.md").read_text(encoding="utf-8") == text(), "run `make docs`"
