"""A month of publishing, polled by rhythm and at fixed intervals: median delay and requests an article.

Times: one Tunisian site and its sections in March 2017 (ANT corpus, `../shared/data/news`), else a generated site of
the same kind. Nothing is fetched: a poll sees what was published until then, the newest 30.
"""

import gzip
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from ingest.polling.rhythm import Rhythm, next_at, watched

CORPUS = Path(__file__).parents[2] / "shared" / "data" / "news" / "ant-corpus-2014-2017.jsonl.gz"
START = datetime(2017, 3, 1, tzinfo=UTC)
END = START + timedelta(days=30)
WARM_UP = timedelta(days=7)
"""Not counted: the rhythm is being learnt. The fixed ones are not counted in it either."""
WINDOW = 30
LEAST_S = 600.0
DAY = range(5, 21)
"""Hours in which a generated source is awake."""
Times = list[datetime]
Policy = Callable[[Rhythm, datetime], datetime]


def corpus() -> dict[str, Times]:
    """Return the times of each section and of the whole site; some have no zone, they are Tunisian (+1)."""
    found: dict[str, set[datetime]] = {}
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            at = _time(article["TIME"])
            if at and START - timedelta(days=14) <= at < END:
                for name in (article["CAT"], "the whole site"):
                    found.setdefault(name, set()).add(at)
    return {name: sorted(times) for name, times in found.items() if len(times) >= WINDOW}


def _time(text: str) -> datetime | None:
    try:
        if "T" in text:
            return datetime.fromisoformat(text).astimezone(UTC)
        return datetime.strptime(f"{text} +0100", "%H:%M %d/%m/%Y %z").astimezone(UTC)
    except ValueError:
        return None


def generated() -> dict[str, Times]:
    """Return five invented sources: busy by day, nearly silent at night."""
    chance = random.Random(5)
    hours = int((END - START).total_seconds() // 3600) + 14 * 24
    found = {}
    for name, per_day in (("agency", 300), ("daily", 60), ("section", 12), ("weekly pages", 2), ("blog", 0.4)):
        rates = [per_day / 17 if hour % 24 in DAY else per_day / 136 for hour in range(hours)]
        first = START - timedelta(days=14)
        found[name] = sorted(
            first + timedelta(hours=hour + chance.random())
            for hour, rate in enumerate(rates)
            for _ in range(_poisson(rate, chance))
        )
    return found


def _poisson(rate: float, chance: random.Random) -> int:
    count, at = 0, chance.expovariate(rate)
    while at < 1:
        count, at = count + 1, at + chance.expovariate(rate)
    return count


def simulate(times: Times, policy: Policy) -> tuple[list[float], int]:
    """Return the delay of each article in minutes, and the number of requests, after the warm-up."""
    delays: list[float] = []
    requests, done, now, rhythm = 0, 0, START, Rhythm()
    while now < END:
        seen = sum(at <= now for at in times[done:]) + done
        fresh = times[max(done, seen - WINDOW) : seen]
        if now >= START + WARM_UP:
            requests += 1
            delays += [(now - at).total_seconds() / 60 for at in fresh]
        rhythm = replace(watched(rhythm, fresh, now), window=min(seen, WINDOW))
        done = seen
        now = policy(rhythm, now)
    return delays, requests


def policies() -> Iterator[tuple[str, Policy]]:
    """Yield each way to poll with its name."""
    chance = random.Random(1)
    yield "every 10 min", lambda _, now: now + timedelta(minutes=10)
    yield "by rhythm", lambda rhythm, now: next_at(rhythm, LEAST_S, now, chance.random())
    yield "every 60 min", lambda _, now: now + timedelta(minutes=60)


def main() -> None:
    """Print the table."""
    sources = corpus() if CORPUS.exists() else generated()
    ways = list(policies())
    print(f"polling: {'ANT corpus' if CORPUS.exists() else 'generated'}, {START:%Y-%m}, the last 23 of 30 days")
    print(f"  {'':18}{'articles':>9}" + "".join(f"{name:>26}" for name, _ in ways))
    print(f"  {'':27}" + f"{'median min  requests/article':>26}" * len(ways))
    total: dict[str, tuple[list[float], int]] = {name: ([], 0) for name, _ in ways}
    for source, times in sources.items():
        row = [(name, *simulate(times, way)) for name, way in ways]
        print(f"  {source:18}{len(row[0][1]):9}" + "".join(_cell(delays, requests) for _, delays, requests in row))
        for name, delays, requests in row:
            total[name] = (total[name][0] + delays, total[name][1] + requests)
    print(f"  {'all':18}{len(total[ways[0][0]][0]):9}" + "".join(_cell(*total[name]) for name, _ in ways))


def _cell(delays: list[float], requests: int) -> str:
    return f"{median(delays):13.1f}{requests / len(delays):13.2f}"


if __name__ == "__main__":
    main()
