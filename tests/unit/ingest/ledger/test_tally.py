"""The completeness report: sums that agree, and each way in which they do not."""

from dataclasses import replace

import pytest

from ingest.ledger.record import State
from ingest.ledger.tally import Line, Tally, lines

TALLY = Tally("s", "2026-11-25", polls=2, listed=10, known=4, admitted=3, changed=1, drops={"url_scheme": 2})
GOOD = Line("s", TALLY, 3, {("indexed", ""): 1, ("failed", "http_404"): 1, ("pending", ""): 1}, 1, 1)


def test_tallies_of_a_day_add_up() -> None:
    assert TALLY + Tally(
        "s", "2026-11-25", polls=1, failed_polls=1, drops={"url_scheme": 1, "listed_twice": 1}
    ) == Tally(
        "s",
        "2026-11-25",
        polls=3,
        failed_polls=1,
        listed=10,
        known=4,
        admitted=3,
        changed=1,
        drops={"url_scheme": 3, "listed_twice": 1},
    )


def test_sums_that_agree_say_nothing() -> None:
    assert list(GOOD.problems()) == []
    assert (GOOD.count(State.FAILED), GOOD.unnoted) == (1, 0)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (replace(GOOD, tally=replace(TALLY, known=3)), "10 listed, but 9"),
        (replace(GOOD, tally=replace(TALLY, admitted=4, known=3)), "4 admitted by polls, but only 3"),
        (replace(GOOD, ends={("indexed", ""): 3, ("lost", ""): 1}, admitted=4), "4 in the ledger, but 3 in a known"),
        (replace(GOOD, documents=0), "1 indexed by the ledger, but 0 documents"),
        (replace(GOOD, documents=2), "1 indexed by the ledger, but 2 documents"),
    ],
)
def test_each_sum_that_does_not_agree_is_named(line: Line, why: str) -> None:
    (problem,) = line.problems()
    assert problem.startswith(why)


def test_what_a_killed_poll_admitted_is_told_and_is_no_error() -> None:
    line = replace(GOOD, tally=replace(TALLY, listed=9, admitted=2))
    assert (line.unnoted, list(line.problems())) == (1, [])


def test_a_line_for_whoever_is_named_anywhere() -> None:
    found = lines(
        "2026-11-25",
        [TALLY],
        admitted={"other": 2},
        ends={("indexed", "", "other"): 2, ("failed", "dns", "s"): 1},
        called_indexed={"other": 2},
        documents={"third": 1},
    )
    assert [line.source_id for line in found] == ["other", "s", "third"]
    assert found[0].ends == {("indexed", ""): 2}
    assert found[1].tally == TALLY
    assert found[2].tally == Tally("third", "2026-11-25")
