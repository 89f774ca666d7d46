"""`python -m benchmarks.pipeline`: the whole pipeline on the real stack, and a plain script on the same pages.

A newsroom on loopback (200 sites, pages of 60-110 KB, feeds of 50 items), the stack from docker-compose.yml in a state
folder of its own, politeness off. First a round at each rate, then as fast as it goes, then the plain script.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.pipeline import baseline, load, report
from benchmarks.pipeline.corpus import corpus, default
from benchmarks.pipeline.load import Phase, Watch
from benchmarks.pipeline.newsroom import FEED_ITEMS, Newsroom
from benchmarks.pipeline.rig import Rig
from deploy.local import places

RATES: Final = (10.0, 25.0, 50.0)
AT_ONCE: Final = 5
"""New items that a poll finds at a fixed rate; at saturation a whole feed is new."""
REST_S: Final = 10.0


def main(words: Sequence[str] | None = None) -> int:
    """Return 1 if an article was lost."""
    arguments = _arguments(words)
    rig = Rig(events=not arguments.without_events)
    with (
        Newsroom(rig.home.with_name(f"{rig.home.name}-pages"), corpus(arguments.corpus), arguments.hosts) as newsroom,
        rig,
    ):
        rig.add_sources([newsroom.feed_url(host) for host in range(newsroom.hosts)])
        watch = Watch(rig)
        phases = [_warm_up(rig, newsroom, watch, arguments.warm_up)]
        resting = load.rest(rig, newsroom, REST_S)
        for rate in arguments.rate:
            batches = newsroom.print(int(rate * arguments.seconds), AT_ONCE)
            phases.append(load.run(rig, newsroom, watch, batches, name=f"{rate:g}/s", rate=rate))
        batches = newsroom.print(arguments.articles, FEED_ITEMS)
        phases.append(load.run(rig, newsroom, watch, batches, name="saturation", rate=0))
        feeds = [newsroom.feed_url(batch.host) for batch in batches]
        plain = None if arguments.no_baseline else baseline.run(rig, newsroom, feeds)
        more = {
            "server": newsroom.server,
            "corpus": str(arguments.corpus or "generated"),
            "events": not arguments.without_events,
            "bytes": rig.sizes(),
        }
    arguments.json.parent.mkdir(parents=True, exist_ok=True)
    told = report.as_json(phases, resting, plain, at=time.strftime("%Y-%m-%d %H:%M:%S"), **more)
    arguments.json.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(*report.tables(phases[1:], resting, plain), f"written to {arguments.json}", sep="\n")
    return int(any(phase.published != phase.searchable for phase in phases))


def _warm_up(rig: Rig, newsroom: Newsroom, watch: Watch, count: int) -> Phase:
    """Have every site asked once (robots.txt, tdmrep.json: once a day) and the JVM compile what it will run."""
    batches = newsroom.print(max(count, newsroom.hosts), max(1, count // newsroom.hosts))
    return load.run(rig, newsroom, watch, batches, name="warm-up", rate=0)


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pipeline", description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000, help="at saturation (%(default)s)")
    parser.add_argument("--hosts", type=int, default=200, help="sites (%(default)s)")
    parser.add_argument("--warm-up", type=int, default=2000, help="articles before anything counts (%(default)s)")
    parser.add_argument("--rate", type=float, nargs="*", default=RATES, help="articles a second (10 25 50)")
    parser.add_argument("--seconds", type=float, default=40.0, help="of each rate (%(default)s)")
    parser.add_argument("--corpus", type=Path, default=default(), help="JSON lines, or a folder of them (generated)")
    parser.add_argument("--no-baseline", action="store_true", help="without the plain script")
    parser.add_argument("--without-events", action="store_true", help="Flower hears nothing of the tasks")
    parser.add_argument("--json", type=Path, default=places.CHECKOUT / "build" / "pipeline.json")
    arguments = parser.parse_args(words)
    if arguments.articles > arguments.hosts * FEED_ITEMS:
        parser.error(f"{arguments.hosts} feeds of {FEED_ITEMS} items do not list {arguments.articles} articles")
    return arguments


if __name__ == "__main__":
    sys.exit(main())
