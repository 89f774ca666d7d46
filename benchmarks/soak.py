"""`python -m benchmarks.soak`: what grows while articles come in, a busy day's 100,000 in a time lapse.

The whole stack as in `benchmarks.pipeline`, one part after the other as fast as it goes, in one run. Of each part: the
most memory that each process had (PSS), CPU an article, articles a second. The first part warms up; what counts is the
last against the second. 100,000 articles take half an hour, 10 GB of disk, and 2 GB of memory.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.pipeline import load
from benchmarks.pipeline.corpus import corpus, default
from benchmarks.pipeline.load import Phase, Watch
from benchmarks.pipeline.newsroom import FEED_ITEMS, Newsroom
from benchmarks.pipeline.report import pipeline_ms
from benchmarks.pipeline.rig import Rig

PART: Final = 10_000
HOSTS: Final = PART // FEED_ITEMS
MOST: Final = 1.05
"""Memory of the last part against that of the second: what counts as no growth."""
NOT_OURS: Final = frozenset({"elasticsearch", "newsroom"})


def main(words: Sequence[str] | None = None) -> int:
    """Return 1 if memory grew, or an article was lost."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--parts", type=int, default=10, help=f"of {PART} articles (%(default)s)")
    parser.add_argument("--corpus", type=Path, default=default(), help="JSON lines, or a folder of them (generated)")
    arguments = parser.parse_args(words)
    rig, phases = Rig(), list[Phase]()
    pages = rig.home.with_name(f"{rig.home.name}-pages")
    with Newsroom(pages, corpus(arguments.corpus), HOSTS) as newsroom, rig:
        rig.add_sources([newsroom.feed_url(host) for host in range(HOSTS)])
        watch = Watch(rig)
        for number in range(1, arguments.parts + 1):
            batches = newsroom.print(PART, FEED_ITEMS)
            phases.append(load.run(rig, newsroom, watch, batches, name=f"part {number}", rate=0))
            print(line(phases[-1]), flush=True)
    lost = sum(phase.published - phase.searchable for phase in phases)
    growth = phases[-1].ours_mb / phases[min(1, len(phases) - 1)].ours_mb
    print(f"lost: {lost}; memory of the last part to that of the second: {growth:.2f}")
    return int(lost > 0 or growth > MOST)


def line(phase: Phase) -> str:
    """Return what a part measured."""
    each = " ".join(f"{name} {mb:.0f}" for name, mb in sorted(phase.memory.items()) if name not in NOT_OURS)
    elastic = phase.cpu_ms()["elasticsearch"]
    took = f"{phase.per_s:.1f}/s, {pipeline_ms(phase):.2f} ms, Elasticsearch {elastic:.2f}"
    return f"{phase.name}: {took}; {phase.ours_mb:.0f} MB: {each}"


if __name__ == "__main__":
    sys.exit(main())
