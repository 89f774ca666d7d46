"""docs/metrics.md: every metric with its labels and meaning, from `table.py`. `make docs` writes what this prints."""

from typing import Final

from workers.metrics.table import METRICS

HEAD: Final = """\
# Metrics

Written by `make docs` from `workers/metrics/table.py`; do not edit it here. `python -m workers metrics` (the service
`metrics`) answers Prometheus on port 9540, the local stack's on the one that `warraq up` prints. It looks at Redis and
Elasticsearch when it is asked; the report and the page store's size are looked at every 30 s. No label has a host or an
address in it.

| metric | type | labels | meaning |
|---|---|---|---|
"""


def text() -> str:
    """Return the page."""
    rows = (
        f"| `{one.name}` | {one.kind} | {', '.join(f'`{label}`' for label in one.labels)} | {one.meaning} |\n"
        for one in METRICS
    )
    return HEAD + "".join(rows)


if __name__ == "__main__":
    print(text(), end="")  # noqa: T201  # its output is its purpose
