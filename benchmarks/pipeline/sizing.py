"""`python -m benchmarks.pipeline.sizing build/pipeline.json`: writes the tables of docs/performance.md from a run.

The formulas stand in docs/performance.md, in words; the assumptions in it are the constants here.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any, Final

from benchmarks.pipeline.usage import JIT
from deploy.local import places

PAGE: Final = places.CHECKOUT / "docs" / "performance.md"
BEGIN: Final = "<!-- from here: written by benchmarks.pipeline.sizing -->"
END: Final = "<!-- to here -->"
LOADS: Final = (10_000, 1_000_000, 10_000_000)
DAY_S: Final = 86_400
PEAK: Final = 3.0
"""The busiest quarter of an hour against the day's mean (assumed)."""
BUSY: Final = 0.6
"""Share of a core that may be busy at the peak, so that a backlog goes away again (assumed)."""
KEPT_DAYS: Final = 365
PAGES_DAYS: Final = 30
"""Days that documents, and fetched pages, are kept (assumed; nothing is deleted by itself)."""
COPIES: Final = 2
"""Of every shard on a cluster: itself and one replica."""
SHARD_BYTES: Final = 40e9
"""Elastic's own advice: 10-50 GB a shard."""
FETCH_S: Final = 1.0
"""Seconds that a site takes to answer (assumed)."""
THREADS: Final = 50
"""Of one fetch worker, as in docker-compose.yml."""
CORES: Final = 2
"""That one process worker keeps busy, with one child more, as in docker-compose.yml."""


@dataclass(frozen=True, slots=True)
class Costs:
    """What one article costs: CPU milliseconds by process group, bytes by store; megabytes of a worker."""

    cpu: Mapping[str, float]
    size: Mapping[str, float]
    memory: Mapping[str, float]

    @property
    def pipeline(self) -> float:
        """CPU milliseconds of all that is not Elasticsearch."""
        return sum(used for name, used in self.cpu.items() if name != "elasticsearch")


def costs(told: Mapping[str, Any]) -> Costs:
    """Read the costs from what a run of the benchmark has written: at saturation, all articles for the bytes."""
    full = next(phase for phase in told["phases"] if not phase["rate"] and phase["name"] != "warm-up")
    beside = (JIT, "newsroom", "benchmark")
    cpu = {name: used for name, used in full["cpu_ms"].items() if name not in beside}
    count = sum(phase["searchable"] for phase in told["phases"])
    memory = {name: most for name, most in full["memory"].items() if name not in beside}
    return Costs(cpu, {name: size / count for name, size in told["bytes"].items()}, memory)


def needs(cost: Costs, a_day: int) -> dict[str, str]:
    """Return what so many articles a day need."""
    peak = PEAK * a_day / DAY_S
    cores = {
        "pipeline": peak * cost.pipeline / 1000 / BUSY,
        "Elasticsearch": peak * COPIES * cost.cpu["elasticsearch"] / 1000 / BUSY,
    }
    extracting = max(1, ceil(peak * cost.cpu["process"] / 1000 / BUSY))
    workers = {"process": ceil(extracting / CORES), "fetch": max(1, ceil(peak * FETCH_S / BUSY / THREADS))}
    workers["index"] = max(1, ceil(peak * cost.cpu["index"] / 1000 / BUSY))
    memory = sum(most * workers.get(name, 1) for name, most in cost.memory.items() if name != "elasticsearch")
    month = a_day * 30 * cost.size["articles"]
    documents = a_day * KEPT_DAYS * (cost.size["articles"] + cost.size["ledger"]) * COPIES
    return {
        "articles a second, mean and peak": f"{a_day / DAY_S:.1f}, {peak:.1f}",
        "cores, pipeline": _cores(cores["pipeline"]),
        "cores, Elasticsearch": _cores(cores["Elasticsearch"]),
        "workers: fetch, process, index": f"{workers['fetch']}, {workers['process']}, {workers['index']}",
        "WARRAQ_FETCH_SLOTS": f"{2 * THREADS * workers['fetch']:,}",
        "memory, pipeline": f"{memory / 1000:.1f} GB",
        "shards of a month's index": f"{max(1, ceil(month / SHARD_BYTES))}",
        f"disk, {KEPT_DAYS} days of documents and ledger, {COPIES} copies": _bytes(documents),
        f"disk, {PAGES_DAYS} days of pages": _bytes(a_day * PAGES_DAYS * cost.size["pages"]),
    }


def tables(cost: Costs, of: str) -> Iterable[str]:
    """Yield the lines of both tables as Markdown."""
    yield from ("", f"Measured: {of}.", "", "| one article | |", "|---|---|")
    yield from (f"| CPU, {name} | {used:.2f} ms |" for name, used in cost.cpu.items())
    yield from (f"| bytes, {name} | {size / 1000:.1f} KB |" for name, size in cost.size.items())
    yield from (f"| memory, {name}, one worker | {most:.0f} MB |" for name, most in cost.memory.items())
    columns = [needs(cost, load) for load in LOADS]
    yield from ("", f"| | {' | '.join(f'{load:,} a day' for load in LOADS)} |", f"|---|{'---|' * len(LOADS)}")
    yield from (f"| {what} | {' | '.join(column[what] for column in columns)} |" for what in columns[0])
    yield ""


def main(path: Path) -> None:
    """Put the tables between the two marks of docs/performance.md."""
    told = json.loads(path.read_text(encoding="utf-8"))
    full = next(phase for phase in told["phases"] if phase["name"] == "saturation")
    of = f"{told['at'][:10]}, {full['searchable']:,} articles at saturation on {told['machine']['cores']} cores"
    head, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    text = "\n".join(tables(costs(told), of))
    PAGE.write_text(f"{head}{BEGIN}\n{text}\n{END}{rest.split(END)[1]}", encoding="utf-8")


def _cores(value: float) -> str:
    return f"{value:.1f}" if value >= 0.1 else "0.1"  # noqa: PLR2004  # less is nobody's unit


def _bytes(value: float) -> str:
    return f"{value / 1e12:.1f} TB" if value >= 1e12 else f"{value / 1e9:.0f} GB"  # noqa: PLR2004


if __name__ == "__main__":
    main(Path(sys.argv[1]))
