"""Our extractor beside its peers: how much of the gold each finds, what a page costs, how much memory it takes.

    python -m benchmarks.extraction [--corpus scrapinghub-181 …] [--tool warraq …] [--pages 50] [--worst]

Corpora lie in `../shared/data/extraction/` (their README says whose they are); they are not part of the project.
Scores as scrapinghub's evaluate.py: shingles of four words, F1 of mean precision and mean recall. Each tool works
through a corpus in a process of its own, that its memory be its own: CPU time of its second round, peak RSS less what
Python, the pages and lxml took before. Peers are installed for this alone:
`.venv/bin/pip install newspaper4k lxml_html_clean readability-lxml goose3 nltk`.
"""

import argparse
import gzip
import json
import re
import resource
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import mean, median
from time import process_time
from typing import Any, Final

from benchmarks.extractors import TOOLS
from benchmarks.pseudo_arabic import in_arabic
from benchmarks.worst import print_worst
from tests.golden.layouts.pages import pages

DATA: Final = Path(__file__).parents[2] / "shared" / "data" / "extraction"
OURS: Final = "layouts"
"""The Arabic layout set of our own tests, the one corpus that is always there."""
CORPORA: Final = (OURS, "scrapinghub-181", "pseudo-arabic-181", "wcxb-dev", "fundus-half")
WORD: Final = re.compile(r"\w+")


def read(corpus: str, limit: int) -> Iterator[tuple[str, bytes, str]]:
    """Yield id, page and gold body; pages without a gold body are passed over."""
    if corpus == OURS:
        yield from ((page.name, page.html, "\n".join(page.body)) for page in pages())
        return
    pseudo = corpus.startswith("pseudo-arabic")
    folder = DATA / ("scrapinghub-181" if pseudo else corpus)
    with gzip.open(folder / "gold.jsonl.gz", "rt", encoding="utf-8") as lines:
        golds = [json.loads(line) for line in lines]
    for told in golds[:limit]:
        gold = told["body"] if "body" in told else told["ground_truth"].get("main_content")
        page = gzip.decompress((folder / "pages" / f"{told['id']}.html.gz").read_bytes())
        if gold:
            yield (told["id"], *(in_arabic(page, gold) if pseudo else (page, gold)))


def work(tool: str, corpus: str, limit: int) -> None:
    """Extract a corpus with one tool, twice; print texts and times of the second round, then the memory."""
    some = [(name, page) for name, page, _ in read(corpus, limit)]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    extract = TOOLS[tool]()
    for last in (False, True):
        for name, page in some:
            start = process_time()
            try:
                text = extract(page)
            except Exception as error:  # noqa: BLE001  # a tool's error is its result: nothing found
                text = ""
                print(f"{tool} {name[:12]}: {error!r}"[:160], file=sys.stderr)
            if last:
                print(json.dumps({"id": name, "text": text, "ms": (process_time() - start) * 1000}))
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"rss": after / 1024, "own": (after - before) / 1024}))


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Return the runs of four words, or the few words there are."""
    words = WORD.findall(text)
    return Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3))) if words else Counter()


def scores(pairs: list[tuple[str, str]]) -> tuple[float, float, float]:
    """Return F1, precision and recall of (gold, found) texts."""
    precision, recall = [], []
    for gold, found in pairs:
        wanted, got = shingles(gold), shingles(found)
        both = (wanted & got).total()
        precision += [both / got.total()] if got else []
        recall += [both / wanted.total()] if wanted else []
    p, r = mean(precision or [0.0]), mean(recall or [0.0])
    return (2 * p * r / (p + r) if p + r else 0.0), p, r


def run(tool: str, corpus: str, limit: int) -> dict[str, Any]:
    """Run a tool over a corpus in a process of its own; return its row of the table."""
    command = [sys.executable, "-m", "benchmarks.extraction", "--work", "--tool", tool, "--corpus", corpus]
    done = subprocess.run([*command, "--pages", str(limit)], capture_output=True, text=True, check=False)
    if done.returncode:
        return {"tool": tool, "error": done.stderr.strip().splitlines()[-1]}
    *lines, memory = [json.loads(line) for line in done.stdout.splitlines()]
    found = {line["id"]: line for line in lines}
    golds = {name: gold for name, _, gold in read(corpus, limit)}
    f1, p, r = scores([(gold, found[name]["text"]) for name, gold in golds.items()])
    times = [line["ms"] for line in lines]
    empty = sum(not line["text"].strip() for line in lines)
    return {
        "tool": tool,
        "f1": f1,
        "p": p,
        "r": r,
        "empty": empty,
        "ms": mean(times),
        "median": median(times),
        "texts": {name: line["text"] for name, line in found.items()},
        **memory,
    }


def show(row: dict[str, Any], base: float) -> None:
    """Print a row; `base` are the milliseconds of trafilatura, 0 where it did not run."""
    if "error" in row:
        print(f"{row['tool']:<22} {row['error']}")
        return
    ratio = f"{row['ms'] / base:6.2f}" if base else "     -"
    print(
        f"{row['tool']:<22} {row['f1']:.4f} {row['p']:.4f} {row['r']:.4f} {row['empty']:5d}"
        f" {row['ms']:8.2f} {row['median']:8.2f} {ratio} {row['rss']:6.0f} {row['own']:5.0f}",
        flush=True,
    )


def explain(corpus: str, limit: int, rows: list[dict[str, Any]]) -> None:
    """Print the worst pages of the first tool, with the reason of each tool's miss."""
    texts = {row["tool"]: row["texts"] for row in rows if "texts" in row}
    if not texts:
        return
    golds = {name: gold for name, _, gold in read(corpus, limit)}
    first = next(iter(texts.values()))
    print_worst({name: scores([(gold, first[name])])[0] for name, gold in golds.items()}, golds, texts)


def main() -> None:
    """Print one table for each corpus."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", nargs="*", choices=CORPORA, default=CORPORA)
    parser.add_argument("--tool", nargs="*", choices=list(TOOLS), default=list(TOOLS))
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument(
        "--worst", action="store_true", help="print the ten pages that the first tool reads worst, and why"
    )
    parser.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        work(options.tool[0], options.corpus[0], options.pages)
        return
    for corpus in options.corpus:
        if corpus != OURS and not DATA.is_dir():
            print(f"\n{corpus}: not here ({DATA})")
            continue
        print(f"\n{corpus}: ratio = mean CPU against trafilatura's in this run")
        print(f"{'tool':<22} {'F1':<6} {'P':<6} {'R':<6} {'empty':>5} {'mean ms':>8} {'median':>8}  ratio RSS MB   own")
        rows = [run(tool, corpus, options.pages) for tool in options.tool]
        base = next((row["ms"] for row in rows if row["tool"] == "trafilatura" and "ms" in row), 0.0)
        for row in rows:
            show(row, base)
        if options.worst:
            explain(corpus, options.pages, rows)


if __name__ == "__main__":
    main()
