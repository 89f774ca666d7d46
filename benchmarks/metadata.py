"""Title, authors and date against the gold of WCXB's development pages.

`python -m benchmarks.metadata [--data DIR] [--half 0|1] [--peers] [--misses title|author|date]`. Conventions of the
research, of the pages that have a gold value: a title is right from a token F1 of .8 on, authors from one of .5 (all
names together), a date when it is the same day. Half 0 are the even ids, half 1 the odd ones: tune on one, check on the
other. Peers: trafilatura, and newspaper4k where it is installed. CPU a page includes parsing, that of peers the body.
"""

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

from ingest.charset import declared_charsets, decode
from ingest.extract import metadata, parse

DATA = Path(__file__).parents[1] / "../shared/data/extraction/wcxb-dev"
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
RIGHT_TITLE, RIGHT_AUTHOR = 0.8, 0.5
DAY = 10
"""Characters of 2026-11-23; gold that has fewer tells no day and is left out."""


@dataclass(frozen=True, slots=True)
class Said:
    """What an extractor, or the gold, says of a page; the date as YYYY-MM-DD."""

    title: str
    author: str
    date: str


@dataclass(frozen=True, slots=True)
class Sample:
    """A page with its gold."""

    id: str
    url: str
    body: bytes
    gold: Said


def samples(folder: Path) -> Iterator[Sample]:
    """Yield the pages."""
    with gzip.open(folder / "gold.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            truth = row["ground_truth"]
            date = truth.get("publish_date") or ""
            gold = Said(truth.get("title") or "", truth.get("author") or "", date if len(date) == DAY else "")
            body = gzip.decompress((folder / "pages" / f"{row['id']}.html.gz").read_bytes())
            yield Sample(row["id"], row.get("url") or "", body, gold)


def ours(sample: Sample) -> Said:
    """Read the metadata as `extract` does."""
    tree = parse(decode(sample.body, declared_charsets("", sample.body)).text, len(sample.body))
    said = metadata.read(metadata.read_head(tree), sample.url, metadata.DateContext("UTC", NOW))
    published = said.published_at.value
    names = said.authors.value.people or said.authors.value.agencies
    return Said(said.title.value, ", ".join(names), f"{published.at:%Y-%m-%d}" if published else "")


def trafilatura_(sample: Sample) -> Said:
    """Ask trafilatura."""
    import trafilatura  # noqa: PLC0415  # seconds

    found = trafilatura.bare_extraction(sample.body, url=sample.url, with_metadata=True)
    title, author, date = (getattr(found, name, None) or "" for name in ("title", "author", "date"))
    return Said(title, author, date[:DAY])


def newspaper(sample: Sample) -> Said:
    """Ask newspaper4k, which must not fetch pictures while it parses."""
    from newspaper import Article  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415

    article = Article(sample.url, fetch_images=False)
    article.download(input_html=sample.body.decode("utf-8", "replace"))
    article.parse()
    return Said(article.title or "", ", ".join(article.authors), str(article.publish_date or "")[:DAY])


def f1(found: str, wanted: str) -> float:
    """Return the F1 of two texts' words."""
    mine, gold = (Counter(re.findall(r"\w+", text.casefold())) for text in (found, wanted))
    shared = (mine & gold).total()
    return 2 * shared / (mine.total() + gold.total()) if shared else 0.0


def judge(field: str, found: Said, gold: Said) -> str:
    """Return right, wrong, none, or '' where there is no gold."""
    mine, wanted = getattr(found, field), getattr(gold, field)
    if not wanted:
        return ""
    if not mine:
        return "none"
    if field == "date":
        return "right" if mine == wanted else "wrong"
    return "right" if f1(mine, wanted) >= (RIGHT_TITLE if field == "title" else RIGHT_AUTHOR) else "wrong"


def score(name: str, read: Callable[[Sample], Said], some: list[Sample], misses: str) -> None:
    """Print an extractor's line, and its misses of one field."""
    spent, answers = 0.0, []
    for sample in some:
        start = process_time()
        try:
            answers.append(read(sample))
        except Exception as error:  # noqa: BLE001  # a peer's crash is its answer
            print(f"  {name} on {sample.id}: {error!r:.100}")
            answers.append(Said("", "", ""))
        spent += process_time() - start
    columns = []
    for field in ("title", "author", "date"):
        counts = Counter(judge(field, found, sample.gold) for found, sample in zip(answers, some, strict=True))
        total = counts["right"] + counts["wrong"] + counts["none"]
        shares = " / ".join(f"{100 * counts[kind] / total:.1f}" for kind in ("right", "wrong", "none"))
        columns.append(f"{field} {shares:>18}")
    print(f"  {name:12} {'   '.join(columns)}   {spent / len(some) * 1000:6.2f} ms")
    for found, sample in zip(answers, some, strict=True):
        if misses and judge(misses, found, sample.gold) in ("wrong", "none"):
            print(f"  {sample.id} {getattr(found, misses)!r} != {getattr(sample.gold, misses)!r}  {sample.url}")


def main() -> None:
    """Print the table: % right / wrong / none of the pages with gold."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.metadata", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--half", type=int, choices=(0, 1))
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--misses", choices=("title", "author", "date"), default="")
    options = parser.parse_args()
    if not options.data.is_dir():
        parser.exit(1, f"{options.data}: not there; name the folder of WCXB's development split with --data\n")
    some = [sample for sample in samples(options.data) if options.half in (None, int(sample.id) % 2)]
    print(f"metadata: {len(some)} pages, % right / wrong / none")
    score("warraq", ours, some, options.misses)
    for name, read in (("trafilatura", trafilatura_), ("newspaper4k", newspaper)) if options.peers else ():
        try:
            __import__(name.removesuffix("4k"))
        except ImportError:
            print(f"  {name:12} not installed")
            continue
        score(name, read, some, "")


if __name__ == "__main__":
    main()
