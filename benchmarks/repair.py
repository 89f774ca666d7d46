"""CPU of the repair, against ftfy, PyArabic, CAMeL Tools and plain `str.translate` on the same texts in the same run.

MB/s are megabytes (10^6) of UTF-8 text per CPU second on one core, the best of ROUNDS; the rounds of all alternate,
because these machines are noisy. *Clean* is text that the repair leaves
alone; in *dirty* text every article has some of the dirt that news has. The peers do less: ftfy knows two of the kinds
of mojibake and no Arabic letters, the others only letters. They are no dependencies: `pip install ftfy pyarabic
camel-tools` to see them.
"""

import argparse
import gzip
import json
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from importlib import import_module
from itertools import cycle, islice
from pathlib import Path
from time import process_time
from types import ModuleType

from deploy.demo.content import edition
from ingest.arabic.repair import repair, repair_with_offsets
from ingest.arabic.tables import CONTROLS_CLASS, INVISIBLE_CLASS, LOOKALIKES, PRESENTATION_FORMS, TATWEEL, expanded

ROUNDS = 5
ARTICLES = 2000
SLOW_ARTICLES = 100
"""Enough for those below 10 MB/s."""
NEWS = Path(__file__).resolve().parents[2] / "shared/data/news/ant-corpus-2014-2017.jsonl.gz"
TEXT_KEYS = ("TEXT", "content", "ABSTRACT", "body")

Texts = Sequence[str]
Work = Callable[[str], object]

LETTERS = PRESENTATION_FORMS | LOOKALIKES | dict.fromkeys((TATWEEL, *expanded(INVISIBLE_CLASS + CONTROLS_CLASS)), "")
TRANSLATION = str.maketrans(LETTERS)
FORM_OF = {letters: form for form, letters in PRESENTATION_FORMS.items() if len(letters) == 1}


def news(file: Path) -> Iterator[str]:
    """Read the texts of a file of JSON lines."""
    with gzip.open(file, "rt") if file.suffix == ".gz" else file.open() as lines:
        for article in map(json.loads, lines):
            yield next((article[key] for key in TEXT_KEYS if article.get(key)), "")


def generated() -> Iterator[str]:
    """Put the demo newsroom's paragraphs together anew, three to nine of them a text."""
    chance = random.Random(7)
    paragraphs = [paragraph for story in edition(datetime.now(UTC)) for paragraph in story.paragraphs]
    while True:
        yield "\n".join(chance.choices(paragraphs, k=chance.randint(3, 9)))


def with_spaces(text: str) -> str:
    """Put no-break and double spaces, as copied from a word processor."""
    return text.replace(" ", "\u00a0 ", 5).replace("\n", " \r\n")


def with_strokes(text: str) -> str:
    """Stretch words, and add the bidi controls of an editor."""
    return "\u202b" + text.replace("ا", f"{TATWEEL}{TATWEEL}ا", 8).replace(".", "\u200f.") + "\u202c"


def with_forms(text: str) -> str:
    """Set the first line in presentation forms, as copied from a PDF file."""
    first, *rest = text.split("\n", 1)
    return "\n".join(["".join(FORM_OF.get(char, char) for char in first), *rest])


def with_lookalikes(text: str) -> str:
    """Type as on a Persian keyboard."""
    return text.replace("ي", "\u06cc").replace("ك", "\u06a9")


def with_entities(text: str) -> str:
    """Leave HTML in."""
    return text.replace(" ", "&nbsp;", 4).replace("،", "&amp;#1548;", 2) + " &quot;" + "&raquo;"


def with_broken_line(text: str) -> str:
    """Read the last line with the wrong charset."""
    *rest, last = text.rsplit("\n", 1)
    return "\n".join([*rest, last.encode().decode("latin-1")])


def broken(text: str) -> str:
    """Read the whole with the wrong charset."""
    return text.encode().decode("cp1256")


DIRT = (with_spaces, with_strokes, with_forms, with_lookalikes, with_entities, with_broken_line, broken)


def peers() -> Iterator[tuple[str, Work, bool]]:
    """Return the name, the function and whether it is slow, of each that is installed; say which is not."""
    yield "str.translate, our letters", lambda text: text.translate(TRANSLATION), False
    for package, module, build in (
        ("ftfy", "ftfy", lambda ftfy: ftfy.fix_text),
        ("pyarabic", "pyarabic.araby", pyarabic),
        ("camel-tools", "camel_tools.utils.normalize", camel),
    ):
        try:
            yield package, build(import_module(module)), package == "ftfy"
        except ImportError:
            print(f"  {package} is not installed: pip install {package}")


def pyarabic(araby: ModuleType) -> Work:
    """Strip tatweel and ligatures."""
    return lambda text: araby.normalize_ligature(araby.strip_tatweel(text))


def camel(normalize: ModuleType) -> Work:
    """NFKC, its nearest to a repair."""
    work: Work = normalize.normalize_unicode
    return work


def seconds(work: Work, texts: Texts) -> float:
    """Return the CPU seconds of one round."""
    start = process_time()
    for text in texts:
        work(text)
    return process_time() - start


def megabytes(texts: Texts) -> float:
    """Return the size of texts in UTF-8."""
    return sum(len(text.encode("utf-8", "replace")) for text in texts) / 1e6


def main() -> None:
    """Print a table: who, MB/s of clean and of dirty text, times ours."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.repair", description=__doc__)
    parser.add_argument("--news", type=Path, default=NEWS if NEWS.exists() else None, help="JSON lines, maybe gzipped")
    file = parser.parse_args().news
    clean = [text for text in map(repair, islice(news(file) if file else generated(), ARTICLES)) if text]
    dirty = [make(text) for make, text in zip(cycle(DIRT), clean, strict=False)]
    untouched = sum(repair(text) is text for text in dirty)
    print(f"repair: {len(clean)} texts of {file.name if file else 'the demo newsroom'}, {megabytes(clean):.1f} MB")
    print(f"  of the dirty texts {untouched} have nothing to repair")
    workers: list[tuple[str, Work, bool]] = [("ours", repair, False), ("ours, with offsets", repair_with_offsets, True)]
    workers += peers()
    corpora = (clean, dirty)
    best = {(name, which): float("inf") for name, _, _ in workers for which in (0, 1)}
    for _ in range(ROUNDS):
        for name, work, slow in workers:
            for which, texts in enumerate(corpora):
                some = texts[:SLOW_ARTICLES] if slow else texts
                best[name, which] = min(best[name, which], seconds(work, some) / megabytes(some))
    print(f"  {'MB/s of':28}{'clean':>8}{'dirty':>8}   ours is so many times as fast")
    for name, _, _ in workers:
        speeds = [1 / best[name, which] for which in (0, 1)]
        ratios = [best[name, which] / best["ours", which] for which in (0, 1)]
        print(f"  {name:28}{speeds[0]:8.1f}{speeds[1]:8.1f}   {ratios[0]:6.1f}{ratios[1]:8.1f}")


if __name__ == "__main__":
    main()
