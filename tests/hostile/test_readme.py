"""README.md tells of every bad input, and tells the truth."""

import re
from pathlib import Path

from tests.hostile.table import CASES, INSIDE
from tests.hostile.test_dns import DNS_CASES
from tests.hostile.test_tls import TLS

TEXT = Path(__file__).with_name("README.md").read_text(encoding="utf-8")
ROWS = {int(row[1]): row[2] for row in re.finditer(r"^\| (\d+) \|.*?\| ([^|]*) \|$", TEXT, re.MULTILINE)}
BY_OTHER_TESTS = {31: "transient timeout_connect", 32: "accepted", 95: "rejected robots"}
OUTCOME = re.compile(r"`((?:(?:permanent|transient|rejected|gone|blocked) \w+)|accepted)`")


def outcomes() -> dict[int, set[str]]:
    told = [(case.number, case.outcome) for case in (*CASES, *INSIDE)]
    told += [*DNS_CASES.values(), *((number, outcome) for number, outcome, _ in TLS.values() if number)]
    found: dict[int, set[str]] = {}
    for number, outcome in (*told, *BY_OTHER_TESTS.items()):
        found.setdefault(number, set()).add(outcome)
    return found


def test_there_is_a_row_for_each_of_the_97() -> None:
    assert list(ROWS) == list(range(1, 98))


def test_each_row_names_the_outcomes_of_its_cases_and_no_other() -> None:
    assert {number: set(OUTCOME.findall(row)) for number, row in ROWS.items()} == outcomes()
