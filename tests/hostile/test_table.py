"""Every case ends in its class; the worker lives, in time and within its memory (the fixture checks that each time)."""

import pytest

from tests.hostile.case import Case
from tests.hostile.conftest import Worker
from tests.hostile.server import HostileServer
from tests.hostile.table import CASES, INSIDE

pytestmark = pytest.mark.enable_socket


@pytest.mark.parametrize("case", CASES, ids=str)
def test_each_bad_input_ends_in_its_class(worker: Worker, case: Case) -> None:
    told = worker.fate(case)
    assert told["outcome"] == case.outcome, told
    assert {name: told[name] for name in case.says} == dict(case.says)


@pytest.mark.parametrize("case", INSIDE, ids=str)
def test_what_leads_inside_is_not_connected_to(worker: Worker, site: HostileServer, case: Case) -> None:
    before = site.connections
    told = worker.fate(case, allowed=[])
    assert (told["outcome"], site.connections) == (case.outcome, before), told
