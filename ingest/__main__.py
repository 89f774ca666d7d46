"""Saved pages on the command line: every intermediate value for one, or one JSON line for each in a folder.

    python -m ingest page.html [--url U] [--licensed]
    python -m ingest --jsonl FOLDER [--licensed]

The one module of `ingest` that reads the disk and the clock.
"""

import argparse
import gzip
import json
import sys
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from ingest.document import document
from ingest.errors import WarraqError
from ingest.extract import extract
from ingest.extract.gate import check
from ingest.extract.rules import SiteRules, read_rules
from ingest.model import Article, Entry, Page, Source
from ingest.pipeline import STEPS

TEXT, HTML = "text/plain", "text/html"
SUFFIXES: Final = (".html", ".htm", ".html.gz", ".htm.gz", ".txt")


def main(arguments: list[str] | None = None) -> int:
    """Print the journey of one page, or the articles of a folder; return 1 if the one page ends in a rejection."""
    parser = argparse.ArgumentParser(prog="python -m ingest", description=main.__doc__)
    parser.add_argument("file", type=Path, nargs="?", help="a saved page")
    parser.add_argument("--jsonl", type=Path, metavar="FOLDER", help="one JSON line for each page of a folder")
    parser.add_argument("--url", help="where the page was; matters to its links and its id")
    parser.add_argument("--licensed", action="store_true", help="we may index the text whatever the page reserves")
    parser.add_argument("--timezone", default="UTC", help="of dates that name none")
    parser.add_argument("--rule", type=Path, help="a TOML file with a site rule to use")
    options = parser.parse_args(arguments)
    if (options.file is None) == (options.jsonl is None):
        parser.error("name a page, or a folder with --jsonl")
    rules = read_rules(options.rule.read_text(encoding="utf-8")) if options.rule else {}
    if options.jsonl:
        for file in files(options.jsonl):
            page = saved(file, None, options.timezone, licensed=options.licensed)
            print(json.dumps(described(file, *page, rules), ensure_ascii=False))
        return 0
    try:
        show(*saved(options.file, options.url, options.timezone, licensed=options.licensed), rules)
    except WarraqError as error:
        print(f"== {type(error).__name__}\n{error}")
        return 1
    return 0


def run() -> int:
    """Run as a command: a file that cannot be read is said in a line."""
    try:
        return main()
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError, PermissionError) as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 2


def files(folder: Path) -> Iterator[Path]:
    """Yield the pages of a folder by name: .html, .htm, either with .gz, and .txt."""
    yield from sorted(file for file in folder.rglob("*") if file.name.endswith(SUFFIXES))


def saved(file: Path, url: str | None, timezone: str, *, licensed: bool = False) -> tuple[Source, Entry, Page]:
    """Return a saved page as if it had been fetched now."""
    where = url or file.resolve().as_uri()
    body = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    kind = TEXT if file.suffix == ".txt" else HTML
    page = Page(where, 200, (("Content-Type", kind),), body, datetime.now(UTC))
    source = Source(id="command-line", kind="article", url=where, timezone=timezone, licensed=licensed)
    return source, Entry(where), page


def described(file: Path, source: Source, entry: Entry, page: Page, rules: dict[str, SiteRules]) -> dict[str, Any]:
    """Return the article of a page under its file's name; if it is refused, `rejected` says why."""
    name = {"id": file.name.split(".")[0]}
    try:
        article = extract(source, entry, page, rules=rules)
        for step in STEPS:
            if step is not check:
                article = step(article)
    except WarraqError as error:
        return {**name, "title": "", "body": "", "rejected": str(error)}
    line = {**document(article), **name}
    try:
        check(article)
    except WarraqError as error:
        line["rejected"] = str(error)
    return {"title": "", "body": "", **line}


def show(source: Source, entry: Entry, page: Page, rules: dict[str, SiteRules]) -> None:
    """Print the article as extracted, what each step changed, and the document."""
    article = extract(source, entry, page, rules=rules)
    print(f"== extract\n{_lines(article, None)}")
    for step in STEPS:
        before, article = article, step(article)
        print(f"== {step.__name__}\n{_lines(article, before)}")
    print(f"== document\n{json.dumps(document(article), ensure_ascii=False, indent=1)}")


def _lines(article: Article, before: Article | None) -> str:
    changed = [
        f"{field.name:>14}  {getattr(article, field.name)!r}"
        for field in fields(article)
        if before is None or getattr(article, field.name) != getattr(before, field.name)
    ]
    return "\n".join(changed) or "  (unchanged)"


if __name__ == "__main__":
    sys.exit(run())
