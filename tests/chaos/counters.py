"""What Prometheus is told after a run: the ledger's numbers, as the ledger itself counts them."""

import time
from collections.abc import Mapping
from typing import Any, Final

import requests
from prometheus_client.parser import text_string_to_metric_families

from deploy.local.stack import Stack
from workers.runtime import Runtime
from workers.store.figures import HAD_A_DOCUMENT

LOOKS: Final = 20
PAUSE_S: Final = 0.5
BY: Final = ("state", "stage", "reason")
COUNTED: Final[Mapping[str, Mapping[str, Any]]] = {
    "warraq_articles_admitted_total": {"match_all": {}},
    "warraq_articles_indexed_total": HAD_A_DOCUMENT,
    "warraq_article_searchable_seconds_count": {"exists": {"field": "searchable_s"}},
}
Numbers = dict[tuple[str, ...], float]


def disagreements(rt: Runtime, stack: Stack) -> list[str]:
    """Return what the exporter says otherwise than the ledger; other articles may be on their way at the first look."""
    found: list[str] = []
    for _ in range(LOOKS):
        rt.ledger.refresh()
        told, counted = _told(stack), _counted(rt)
        keys = sorted(told.keys() | counted.keys())
        found = [f"{key}: {told.get(key)} for {counted.get(key)}" for key in keys if told.get(key) != counted.get(key)]
        if not found:
            break
        time.sleep(PAUSE_S)
    return found


def _counted(rt: Runtime) -> Numbers:
    states = {("warraq_articles", *key): count for key, count in rt.ledger.grouped({"match_all": {}}, *BY).items()}
    sums = {(name,): sum(rt.ledger.grouped(query, "state").values()) for name, query in COUNTED.items()}
    return {key: float(count) for key, count in (states | sums).items()}


def _told(stack: Stack) -> Numbers:
    page = requests.get(f"http://127.0.0.1:{stack.metrics_port}/metrics", timeout=20).text
    samples = [one for family in text_string_to_metric_families(page) for one in family.samples]
    wanted = [one for one in samples if one.name in {"warraq_articles", *COUNTED}]
    return {(one.name, *(one.labels[by] for by in BY if by in one.labels)): one.value for one in wanted}
