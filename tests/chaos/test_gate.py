"""What the gate makes of a bulk: the suite is worth no more than this."""

import json
from collections.abc import Sequence

import pytest

from tests.chaos.faults.items import CUT_EVERY, Refusals
from tests.chaos.gate import CUT, PASS, UNTOLD, Answer, CutError, Item, judged

IDS = ("1", "2", "3")
BULK = b"".join(b'{"index":{"_index":"news","_id":"%d"}}\n{"body":"x"}\n' % n for n in (1, 2, 3))


def ids(bulk: bytes) -> list[str]:
    return [json.loads(line)["index"]["_id"] for line in bulk.splitlines()[::2]]


def told(verdicts: Sequence[int]) -> tuple[list[str], dict[str, int]]:
    """Return what went upstream, and the statuses that came back by id."""
    passed: list[str] = []

    def ask(bulk: bytes) -> Answer:
        passed.extend(ids(bulk))
        items = [{"index": {"_id": one, "status": 201}} for one in ids(bulk)]
        return Answer(200, (), json.dumps({"items": items}).encode())

    answer = json.loads(judged(BULK, lambda _: verdicts, ask).body)
    return passed, {one["index"]["_id"]: one["index"]["status"] for one in answer["items"]}


def test_a_refused_item_is_not_passed_on_and_has_its_answer_in_its_place() -> None:
    assert told([PASS, 429, PASS]) == (["1", "3"], {"1": 201, "2": 429, "3": 201})


def test_nothing_is_asked_when_all_are_refused() -> None:
    assert told([403, 429, 503]) == ([], {"1": 403, "2": 429, "3": 503})


def test_an_untold_item_is_written_without_an_answer() -> None:
    assert told([PASS, UNTOLD, PASS]) == (["1", "2", "3"], {"1": 201, "3": 201})


def test_a_cut_comes_after_everything_is_written() -> None:
    with pytest.raises(CutError):
        told([CUT, PASS, PASS])


def test_each_item_passes_in_the_end_and_each_verdict_is_given() -> None:
    refusals = Refusals()
    kinds = (("news-2026.01", ""), ("news-ledger", "indexed"), ("news-ledger", "pending"))
    items = [Item("index", index, f"{n:04x}", {"state": state}, b"") for n in range(60) for index, state in kinds]
    rounds = [refusals(items) for _ in range(2 * CUT_EVERY)]
    assert set(rounds[CUT_EVERY - 1]) == {PASS, CUT}
    assert set(rounds[CUT_EVERY]) == {PASS}
    assert refusals.complete
