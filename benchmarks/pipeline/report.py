"""What came out, as JSON for machines and as tables for people."""

import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from benchmarks.pipeline.baseline import Plain
from benchmarks.pipeline.load import PROBE_S, Phase, spread
from benchmarks.pipeline.usage import JIT

STORES: Final = ("elasticsearch", JIT, "newsroom", "benchmark")
"""Not of the pipeline's own cost: said beside it."""
ORDER: Final = ("fetch", "process", "poll", "control", "index", "beat", "flower", "redis", *STORES)


def machine() -> dict[str, Any]:
    """Tell what this ran on."""
    return {"cores": os.cpu_count(), "machine": platform.machine(), "python": platform.python_version()}


def as_json(phases: Sequence[Phase], resting: Mapping[str, float], plain: Plain | None, **more: object) -> Any:  # noqa: ANN401
    """Return everything as values for JSON; of the latencies their quantiles."""
    return {
        "machine": machine(),
        "probe_s": PROBE_S,
        **more,
        "phases": [phase_json(phase) for phase in phases],
        "resting_ms_per_s": resting,
        "baseline": {**asdict(plain), "per_s": plain.per_s, "cpu_ms": plain.cpu_ms()} if plain else None,
        "ratios": ratios(phases, plain) if plain else None,
    }


def phase_json(phase: Phase) -> dict[str, Any]:
    """Return one phase as values for JSON."""
    told = asdict(phase)
    del told["latencies"], told["grouped"]
    return {
        **told,
        "latency_s": phase.latency(),
        "grouped_s": spread(phase.grouped),
        "cpu_ms": phase.cpu_ms(),
        "pipeline_ms": pipeline_ms(phase),
    }


def pipeline_ms(phase: Phase) -> float:
    """Return the CPU milliseconds an article of all processes but Elasticsearch and the benchmark's own."""
    return sum(used for name, used in phase.cpu_ms().items() if name not in STORES)


def ratios(phases: Sequence[Phase], plain: Plain) -> dict[str, float]:
    """Return ours against the plain script's: articles a second (as they came, and per core used), CPU an article."""
    full = next(phase for phase in phases if not phase.rate)
    cores, plain_cores = (
        _cores(full.cpu.values(), full.wall_s),
        _cores([plain.script_s, plain.elasticsearch_s], plain.wall_s),
    )
    ours = {name: used for name, used in full.cpu_ms().items() if name not in {JIT, "newsroom", "benchmark"}}
    return {
        "articles per second": full.per_s / plain.per_s,
        "articles per second and core used": (full.per_s / cores) / (plain.per_s / plain_cores),
        "CPU per article": sum(ours.values()) / sum(plain.cpu_ms().values()),
        "CPU per article without Elasticsearch": pipeline_ms(full) / plain.cpu_ms()["script"],
    }


def tables(phases: Sequence[Phase], resting: Mapping[str, float], plain: Plain | None) -> Iterable[str]:
    """Yield the lines of all tables."""
    yield "articles, and seconds from admission until found (looked every 0.2 s)"
    yield _row("", "offered/s", "found", "lost", "per s", "p50", "p95", "p99", "max", "cores", "others")
    for phase in phases:
        lat = [f"{phase.latency().get(name, 0):.2f}" for name in ("p50", "p95", "p99", "max")]
        cores, others = _cores(phase.cpu.values(), phase.wall_s), _cores([phase.others_s], phase.wall_s)
        lost = phase.published - phase.searchable
        head = (phase.name, f"{phase.rate:g}" if phase.rate else "all", str(phase.searchable), str(lost))
        yield _row(*head, f"{phase.per_s:.1f}", *lat, f"{cores:.2f}", f"{others:.2f}")
    yield "seconds from admission until its story is known (looked every second)"
    yield _row("", "compared", "p50", "p95", "p99", "max")
    for phase in phases:
        times = [f"{spread(phase.grouped).get(name, 0):.2f}" for name in ("p50", "p95", "p99", "max")]
        yield _row(phase.name, str(len(phase.grouped)), *times)
    names = [name for name in ORDER if any(name in phase.cpu for phase in phases)]
    yield "CPU milliseconds an article; at rest: a second"
    yield _row("", *names, "pipeline", "all")
    for phase in phases:
        cpu = phase.cpu_ms()
        yield _row(phase.name, *_figures(cpu, names), f"{pipeline_ms(phase):.2f}", f"{sum(cpu.values()):.2f}")
    yield _row("at rest", *_figures(resting, names))
    yield "most memory, MB (PSS)"
    yield _row("", *names, "pipeline")
    for phase in phases:
        yield _row(phase.name, *(f"{phase.memory.get(name, 0):.0f}" for name in names), f"{phase.ours_mb:.0f}")
    if plain:
        cpu = plain.cpu_ms()
        yield "the plain script (requests, trafilatura, helpers.bulk; a process a core)"
        others = _cores([plain.others_s], plain.wall_s)
        yield f"  {plain.articles} articles, {plain.per_s:.1f} per s; cores taken by others {others:.2f}"
        yield f"  CPU an article: script {cpu['script']:.2f} ms, Elasticsearch {cpu['elasticsearch']:.2f} ms"
        yield "ratios, ours to the plain script's"
        yield from (f"  {name:40} {value:.2f}" for name, value in ratios(phases, plain).items())


def _figures(cpu: Mapping[str, float], names: Iterable[str]) -> list[str]:
    return [f"{cpu.get(name, 0):.2f}" for name in names]


def _cores(cpu: Iterable[float], wall_s: float) -> float:
    return sum(cpu) / wall_s if wall_s else 0.0


def _row(head: str, *cells: str) -> str:
    return f"  {head:12}" + "".join(f"{cell:>14}" for cell in cells)
