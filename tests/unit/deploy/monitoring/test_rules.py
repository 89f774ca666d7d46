"""Each alert leads to its page, and asks for what there is."""

import pytest

from deploy.local.places import CHECKOUT
from tests.unit.deploy.monitoring.expressions import SELECTOR, alerts, selectors, shown
from workers.metrics.table import METRICS


@pytest.mark.parametrize("name", alerts())
def test_an_alert_leads_to_what_is_to_be_done(name: str) -> None:
    alert = alerts()[name]
    page, _, anchor = alert["annotations"]["runbook_url"].partition("#")
    assert anchor == name.lower()
    assert f"\n### {name}\n" in (CHECKOUT / page).read_text(encoding="utf-8")
    assert alert["labels"]["severity"] in {"critical", "warning", "info"}
    assert alert["annotations"]["summary"]


def test_no_expression_names_a_metric_that_is_not_exported() -> None:
    suffixes = ("", "_bucket", "_sum", "_count")
    known = {f"{metric.name}{suffix}" for metric in METRICS for suffix in suffixes} | {"up"}
    known |= {"warraq:articles_ended", "warraq:articles_failed"}
    named = selectors() | {found for expression in shown().values() for found in SELECTOR.findall(expression)}
    assert {name.partition("{")[0] for name in named} <= known
