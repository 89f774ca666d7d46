"""`python -m deploy.elasticsearch.lexicon`: write lexicon.txt, the exceptions to the server's stemmer, anew."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from deploy.elasticsearch.lexicon import curated, words
from deploy.elasticsearch.lexicon.families import Families, rules
from deploy.elasticsearch.lexicon.light import light

FILE: Final = Path(__file__).parents[1] / "lexicon.txt"
MOST: Final = 60_000
"""Words: those written more often than once in five millions; an index with them is created in less than a second."""
HEAD: Final = """\
# Exceptions to the server's Arabic stemmer: words, and the label that stands in the index for their family.
# A family is one line: the server interns each line many times over when an index is created.
# Made by `python -m deploy.elasticsearch.lexicon` from the word counts of wordfreq (Robyn Speer, 2022) and the lists in
# lexicon/data. Licence of this file: CC BY-SA 4.0, as that of wordfreq's data. Do not edit; edit the lists.
"""


def main() -> None:
    """Count, decide, write."""
    known = words.load()
    families = Families(known, curated.load())
    made = rules(families, {word: light(word) for word in known.frequency})[:MOST]
    lines = grouped(made)
    FILE.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(made)} words in {len(lines)} rules")


def grouped(made: Iterable[tuple[str, str]]) -> list[str]:
    """Return one rule for all words of a label."""
    families: dict[str, list[str]] = defaultdict(list)
    for word, label in made:
        families[label].append(word)
    return [f"{','.join(sorted(families[label]))}=>{label}" for label in sorted(families)]


if __name__ == "__main__":
    main()
