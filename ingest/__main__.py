"""`python -m ingest page.html [--url U]`: every value on the way from a saved page to its document.

The one module of `ingest` that reads the disk and the clock.
"""

import argparse
import json
import sys
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

from ingest.document import document
from ingest.errors import WarraqError
from ingest.extract import extract
from ingest.model import Article, Entry, Page, Source
from ingest.pipeline import STEPS

TEXT, HTML = "text/plain", "text/html"


def main(arguments: list[str] | None = None) -> int:
    """Print the journey of one page; return 1 if it ends in a rejection."""
    parser = argparse.ArgumentParser(prog="python -m ingest", description=main.__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--url", help="where the page was; matters to its links and its id")
    parser.add_argument("--timezone", default="UTC", help="of dates that name none")
    options = parser.parse_args(arguments)
    url = options.url or options.file.resolve().as_uri()
    kind = TEXT if options.file.suffix == ".txt" else HTML
    page = Page(url, 200, (("Content-Type", kind),), options.file.read_bytes(), datetime.now(UTC))
    source = Source(id="command-line", kind="article", url=url, timezone=options.timezone)
    try:
        show(source, Entry(url), page)
    except WarraqError as error:
        print(f"== {type(error).__name__}\n{error}")
        return 1
    return 0


def show(source: Source, entry: Entry, page: Page) -> None:
    """Print the article as extracted, what each step changed, and the document."""
    article = extract(source, entry, page)
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
    sys.exit(main())
