"""Stories on real news: what is found, what is merged that should not be, whose text is known, and the CPU of it.

`python -m benchmarks.stories --news FILE [--json]`; FILE has an article a line: source, url, date_extracted, title,
author, content (SaudiNewsNet). Truth for recall is every pair of two sources, compared exactly; truth for precision are
the pairs in `tests/golden/stories/pairs.tsv` that are in FILE. Candidates come from an index in memory that does what
Elasticsearch's does.
"""

import argparse
import gzip
import json
import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path
from time import process_time
from typing import Any, Final

from benchmarks.story_links import Memory, Pair, exact, linked, printed, recall
from ingest.extract.authors import byline
from ingest.stories.fingerprint import Fingerprint, links
from ingest.stories.relation import ALIKE, CONTAINED, LEAST
from ingest.stories.story import Grouping, grouped

PAIRS: Final = Path(__file__).parent.parent / "tests" / "golden" / "stories" / "pairs.tsv"
ORDERS: Final = 20
PORTION: Final = 500
RUNS: Final = 3
AGENCY: Final = "واس"


@dataclass(frozen=True, slots=True)
class Label:
    """A pair that a person has judged."""

    half: str
    verdict: str
    near: bool
    pair: Pair


def labels() -> Iterator[Label]:
    """Yield the judged pairs."""
    for line in PAIRS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            half, verdict, near, one, other = line.split("\t")
            yield Label(half, verdict, near == "near", (one, other))


def judged(known: Mapping[str, Fingerprint], marked: Sequence[Label]) -> dict[str, Any]:
    """Return precision over the linked ones of the judged pairs, and how many traps are linked."""
    linked_ = [label for label in marked if recall(known, [label.pair])]
    right = sum(label.verdict == "same" for label in linked_)
    return {
        "pairs": len(marked),
        "near": sum(label.near for label in marked),
        "linked": len(linked_),
        "precision": right / max(1, len(linked_)),
        "traps": sum(label.verdict == "trap" for label in marked),
        "traps_merged": sum(label.verdict == "trap" for label in linked_),
    }


def credits_of(known: Mapping[str, Fingerprint], new: Grouping) -> tuple[float, float]:
    """Return which share of what is related to an agency's texts is credited to it, and of other agencies' wrongly so.

    Its copies: the articles that say so, and those related to one that does. Wrongly: of the articles that name another
    agency alone, those that would be called its own if they did not.
    """
    own = {one.id for one in known.values() if AGENCY in one.agencies}
    near: dict[str, set[str]] = defaultdict(set)
    for one in known.values():
        for each in one.links:
            if each.relation.jaccard >= ALIKE:
                near[one.id].add(each.id)
                near[each.id].add(one.id)
    copies = own | {one for one in known if near[one] & own and not known[one].agencies}
    credited = sum(AGENCY in new.agencies[one] for one in copies) / max(1, len(copies))
    others = [one.id for one in known.values() if one.agencies and AGENCY not in one.agencies]
    hidden = {key: replace(one, agencies=()) if key in set(others) else one for key, one in known.items()}
    found = grouped(hidden).agencies
    return credited, sum(AGENCY in found[one] for one in others) / max(1, len(others))


def hidden_credits(known: Mapping[str, Fingerprint]) -> float:
    """Return the share of the agency's copies that are credited to it when every second one does not say so.

    Of those that have another copy which does.
    """
    own = sorted(one.id for one in known.values() if AGENCY in one.agencies)
    quiet = set(own[::2])
    half = {key: replace(one, agencies=()) if key in quiet else one for key, one in known.items()}
    telling = set(own) - quiet
    near = {
        key for one in known.values() for each in one.links for key in (one.id, each.id) if telling & {one.id, each.id}
    }
    found = grouped(half).agencies
    asked = quiet & near
    return sum(AGENCY in found[one] for one in asked) / max(1, len(asked))


def identical(prints: Sequence[Fingerprint], first: Grouping, orders: int) -> int:
    """Return how many of some shuffled orders of arrival give the same stories."""
    rnd, same = random.Random(20), 0
    for _ in range(orders):
        shuffled = rnd.sample(list(prints), len(prints))
        new = grouped(linked(shuffled))
        same += (new.memberships, new.agencies, new.stories) == (first.memberships, first.agencies, first.stories)
    return same


def cpu_ms(rows: Sequence[Mapping[str, Any]], signed: Sequence[tuple[str, ...]]) -> float:
    """Return the CPU an article, of each portion the quickest of three runs: others work on this machine too."""
    portions = [slice(start, start + PORTION) for start in range(0, len(rows), PORTION)]
    best = [inf] * len(portions)
    for _ in range(RUNS):
        memory = Memory()
        for number, part in enumerate(portions):
            start, known = process_time(), list[Fingerprint]()
            for row, names in zip(rows[part], signed[part], strict=True):
                one = printed(row, names)
                spent, candidates = process_time(), memory.alike(one)  # Elasticsearch's work
                start += process_time() - spent
                known.append(replace(one, links=links(one, candidates)))
                spent = process_time()
                memory.add(known[-1])
                start += process_time() - spent
            grouped({one.id: one for one in known})
            best[number] = min(best[number], process_time() - start)
    return sum(best) / len(rows) * 1000


def measure(rows: Sequence[Mapping[str, Any]], orders: int) -> dict[str, Any]:
    """Return the figures."""
    signed = [byline([row["author"] or ""]).agencies for row in rows]  # the extraction's work
    prints = [printed(row, names) for row, names in zip(rows, signed, strict=True)]
    known = linked(prints)
    new = grouped(known)
    pairs = exact(prints)
    marked = [label for label in labels() if {*label.pair} <= known.keys()]
    credited, wrong = credits_of(known, new)
    contained = [
        pair
        for pair, (j, c) in pairs.items()
        if j < ALIKE and c >= CONTAINED and min(known[one].size for one in pair) >= LEAST
    ]
    return {
        "articles": len(rows),
        "pairs_j50": sum(j >= ALIKE for j, _ in pairs.values()),
        "recall_j50": recall(known, (pair for pair, (j, _) in pairs.items() if j >= ALIKE)),
        "pairs_contained": len(contained),
        "recall_contained": recall(known, contained),
        **judged(known, marked),
        "kept": judged(known, [label for label in marked if label.half == "kept"]),
        "stories": len(new.stories),
        "largest": max((story.articles for story in new.stories), default=0),
        "spa_credited": hidden_credits(known),
        "spa_related": credited,
        "spa_wrong": wrong,
        "orders_identical": identical(prints, new, orders),
        "ms": cpu_ms(rows, signed),
    }


def read(file: Path) -> list[dict[str, Any]]:
    """Return the articles of a corpus, each address once."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        rows = {row["url"]: row for row in map(json.loads, lines)}
    return list(rows.values())


def main(argv: Sequence[str] | None = None) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--news", type=Path, required=True, help="a corpus, gzipped JSON lines")
    parser.add_argument("--orders", type=int, default=ORDERS, help="shuffled orders of arrival")
    parser.add_argument("--json", action="store_true", help="one line")
    asked = parser.parse_args(argv)
    found = measure(read(asked.news), asked.orders)
    if asked.json:
        print(json.dumps(found))
    else:
        for name, value in found.items():
            print(f"{name:20} {value:.4f}" if isinstance(value, float) else f"{name:20} {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
