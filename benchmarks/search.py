"""Arabic search: `standard`, the server's `arabic` and ours, on one node in one run.

    python -m benchmarks.search --passages DIR --pairs FILE --news FILE [--json] [--rounds N]

DIR holds passages.jsonl.gz (pid, text) and queries.jsonl.gz (source, question, relevant); --pairs is a table of
category, query, form, should_match; --news is JSON lines of source, title, content. Sets of the same form do as well.
All three ways index the same fields, `.exact` and autocomplete among them, so that costs compare. The node is the local
stack's (`warraq up`); its indices of the benchmark are deleted at the end.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from elasticsearch import Elasticsearch

from benchmarks import search_sets as sets
from benchmarks.search_run import DESIGNS, Bench, costs, judged, paired
from deploy.local import stack
from workers.settings import secret

ROUNDS: Final = 3
COST_DOCUMENTS: Final = 4000


def client() -> Elasticsearch:
    """Return a client of the local stack's node that may do everything."""
    running = stack.services_up({"elasticsearch"}, heap="1g", say=_aside)
    password = secret(running.home / "secrets" / "elasticsearch" / "elastic_password")
    url = f"http://127.0.0.1:{running.elasticsearch_port}"
    return Elasticsearch(url, basic_auth=("elastic", password), request_timeout=120)


def _aside(text: str) -> None:
    print(text, file=sys.stderr)  # standard output is the result's


def measure(bench: Bench, args: argparse.Namespace) -> dict[str, dict[str, Any]]:
    """Return all results: by design, then by set (mrr@10 and others), `overall`, `pairs`, `cost` and `latency`."""
    results: dict[str, dict[str, Any]] = {design.name: {} for design in DESIGNS}
    if args.passages:
        _merge(results, judged(bench, sets.passages(args.passages)))
    if args.news:
        news = sets.news(args.news)
        _merge(results, judged(bench, news))
        _merge(
            results,
            {name: {"cost": cost} for name, cost in costs(bench, news.documents[:COST_DOCUMENTS], args.rounds).items()},
        )
    if args.pairs:
        _merge(results, {name: {"pairs": found} for name, found in paired(bench, sets.pairs(args.pairs)).items()})
    for found in results.values():
        found["overall"] = overall(found)
    return results


def overall(found: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    """Return the mean of each measure over all sets' queries."""
    asked = [one for one in found.values() if "queries" in one]
    count = sum(one["queries"] for one in asked)
    names = [name for name in (asked[0] if asked else {}) if name != "queries"]
    return {name: round(sum(one[name] * one["queries"] for one in asked) / count, 4) for name in names}


def show(results: Mapping[str, Mapping[str, Any]]) -> None:
    """Print one line for each measure, a column for each design."""
    print(f"{'':32}" + "".join(f"{name:>12}" for name in results))
    first = next(iter(results.values()))
    for kind, measures in first.items():
        for name in measures:
            values = [found[kind][name] for found in results.values()]
            if not isinstance(values[0], list):
                print(f"{kind + ' ' + name:32}" + "".join(f"{value:>12}" for value in values))
    for name, found in results.items():
        if "pairs" in found:
            print(f"{name} slips at {', '.join(found['pairs']['slips'][:20])}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("passages", "pairs", "news"):
        parser.add_argument(f"--{name}", type=Path)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of the cost measurement")
    args = parser.parse_args()
    with client() as elastic:
        bench = Bench(elastic)
        try:
            results = measure(bench, args)
        finally:
            bench.drop()
    print(json.dumps(results, ensure_ascii=False, indent=2)) if args.json else show(results)


def _merge(results: dict[str, dict[str, Any]], more: Mapping[str, Mapping[str, Any]]) -> None:
    """Add, by design; the latencies of several sets go by the first one's queries."""
    for name, found in more.items():
        results[name] = {**found, **results[name]}


if __name__ == "__main__":
    main()
