"""Text made to take long: the repair's time grows with the length, not with its square."""

import time

import pytest

from ingest.arabic.repair import repair

LONG = 30_000
RATIO = 8
"""Of the CPU time of four times the length: 4 when it is linear, 16 when quadratic. A busy machine stays between."""
FAST_S = 0.2
"""Below this the ratio is noise, and the time no danger."""
PATTERNS = (
    "é",
    "ÇáÚÑÇÞ ",
    "ÇáÚÑÇÞ\n",
    "Ø§Ù„",
    "Ø§Ù„Ø¹\n",
    "Ø",
    "Ø\ufffd",
    "ط§ظ„",
    "&amp;",
    "&#1575;",
    "&",
    "ـ",
    "مـ",
    "ک",
    "ی ک ",
    "\u200b",
    "\u202eم",
    "ﻻ",
    "م\u064e\u0651",
    "\u064e\u0651",
    "\u0301\u0323",
    "\u0f73",
    " \u00a0",
    "\r\n",
    "\ufffd",
    '"é',
)


def cpu_s(text: str) -> float:
    """Return the least CPU time of three: others on the machine make it longer, nothing makes it shorter."""
    times = []
    for _ in range(3):
        started = time.process_time()
        repair(text)
        times.append(time.process_time() - started)
    return min(times)


@pytest.mark.parametrize("pattern", PATTERNS, ids=ascii)
def test_a_long_run_of_what_looks_broken_ends_quickly(pattern: str) -> None:
    once = pattern * (LONG // len(pattern))
    four = cpu_s(once * 4)
    assert four < FAST_S or four <= RATIO * cpu_s(once)


def test_a_long_line_beside_one_presentation_form_is_read_once() -> None:
    assert cpu_s(f"{'م' * LONG}\nﻻ") < FAST_S
