"""The judged pairs are what they say; `benchmarks/stories.py` measures by them, and by all pairs of a corpus."""

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.stories import labels, main
from tests.unit.ingest.stories.texts import prose


def test_the_pairs_are_enough_of_each_kind() -> None:
    found = list(labels())
    verdicts = Counter(label.verdict for label in found)
    assert set(verdicts) == {"same", "other", "trap"}
    assert len({label.pair for label in found}) == len(found) >= 300
    assert verdicts["trap"] >= 40
    assert sum(label.near for label in found) >= 100
    assert {label.half for label in found} == {"tuning", "kept"}


def test_the_figures_of_a_small_corpus(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, other = prose(1, 100), prose(2, 100)
    bodies = {
        "a": ("واس - الرياض", text),
        "b": ("", text),
        "c": ("", [*other, *text[:40]]),
        "d": ("رويترز", other),
        "e": ("", text[:40]),
    }
    rows = [
        {
            "source": source,
            "url": f"http://{source}.example/1",
            "date_extracted": "2015-07-21 02:51:32",
            "title": "عنوان",
            "author": author,
            "content": " ".join(words),
        }
        for source, (author, words) in bodies.items()
    ]
    file = tmp_path / "news.jsonl.gz"
    with gzip.open(file, "wt", encoding="utf-8") as lines:
        lines.writelines(f"{json.dumps(row)}\n" for row in rows)
    assert main(["--news", str(file), "--orders", "3", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["articles"], found["recall_j50"], found["recall_contained"]) == (5, 1.0, 1.0)
    assert (found["pairs_j50"], found["pairs_contained"]) == (2, 3)
    assert (found["spa_related"], found["spa_wrong"], found["orders_identical"]) == (1.0, 0.0, 3)
    assert found["ms"] > 0
