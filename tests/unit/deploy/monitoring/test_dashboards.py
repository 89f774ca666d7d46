"""The dashboards fit Grafana's grid, and each panel says what it shows."""

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import pytest

from tests.unit.deploy.monitoring.expressions import DASHBOARDS, panels

PANELS = dict(panels())


def test_there_are_three() -> None:
    assert [file.stem for file in DASHBOARDS] == ["pipeline", "services", "sources"]


def overlap(one: Mapping[str, int], other: Mapping[str, int]) -> bool:
    return all(
        one[at] < other[at] + other[size] and other[at] < one[at] + one[size] for at, size in (("x", "w"), ("y", "h"))
    )


@pytest.mark.parametrize("board", [file.stem for file in DASHBOARDS])
def test_no_panel_lies_on_another(board: str) -> None:
    places: dict[str, Any] = {name: one["gridPos"] for name, one in PANELS.items() if name.startswith(f"{board}: ")}
    assert [pair for pair in combinations(places, 2) if overlap(places[pair[0]], places[pair[1]])] == []
    assert all(place["x"] + place["w"] <= 24 for place in places.values())


@pytest.mark.parametrize("name", PANELS)
def test_a_panel_has_a_unit_and_a_legend(name: str) -> None:
    panel = PANELS[name]
    assert panel["fieldConfig"]["defaults"]["unit"]
    assert all(target["legendFormat"] and target["expr"] for target in panel["targets"])
