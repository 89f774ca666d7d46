"""The benchmark names what a tool missed and what it took."""

import pytest

from benchmarks.worst import print_worst, reason

GOLD = "one two three four five six seven eight"


def test_the_reason_names_what_is_missed_and_what_is_foreign() -> None:
    assert reason(GOLD, GOLD) == ""
    assert reason(GOLD, "one two three four").startswith("missed 50%: two three four five")
    assert reason(GOLD, GOLD + " menu share login follow") == "took 33%: six seven eight menu"


def test_the_worst_page_comes_first(capsys: pytest.CaptureFixture[str]) -> None:
    golds = {"good": GOLD, "bad": GOLD}
    print_worst({"good": 1.0, "bad": 0.0}, golds, {"tool": {"good": GOLD, "bad": ""}})
    assert capsys.readouterr().out.splitlines()[0] == "0.000 bad"
