"""The instrument tells the truth: CPU against the kernel's own account, rates, corpora, sizes."""

import gzip
import json
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from benchmarks.growth import Cost, growth
from benchmarks.pipeline.corpus import CorpusError, corpus
from benchmarks.pipeline.load import sustained
from benchmarks.pipeline.newsroom import Newsroom
from benchmarks.pipeline.quiet import summary
from benchmarks.pipeline.sizing import costs, needs, tables
from benchmarks.pipeline.usage import cpu_s


def test_a_group_that_is_gone_has_used_nothing() -> None:
    assert cpu_s({"gone": -1}) == {"gone": 0.0}


def test_sustained_leaves_start_and_end_out() -> None:
    assert sustained([0.0, *(10 + number / 5 for number in range(98)), 100.0]) == pytest.approx(5.0)
    assert sustained([1.0]) == 0.0
    assert sustained([1.0, 1.0, 1.0]) == 0.0


def test_delays_of_polls_are_summed_up() -> None:
    assert summary([]) == {"polls": 0.0}
    assert summary([float(n) for n in range(101)]) == {"polls": 101.0, "p50": 50.0, "p99": 99.0, "max": 100.0}


def test_growth_is_the_whole_cost_of_the_largest_against_the_smallest() -> None:
    assert growth({10: Cost(2.0, 2.0, 9.0), 1000: Cost(3.0, 3.0, 1.0), 100: Cost(9.0, 9.0, 5.0)}) == 1.5


def test_a_corpus_is_read_with_its_short_articles_left_out(tmp_path: Path) -> None:
    lines = [
        {"title": "خبر", "content": "نص\n" * 200},
        {"TITLE": "آخر", "TEXT": "كلمة " * 100},
        {"title": "قصير", "text": "لا"},
    ]
    with gzip.open(tmp_path / "a.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(f"{json.dumps(line)}\n" for line in lines)
    assert [story.title for story in islice(corpus(tmp_path), 3)] == ["خبر", "آخر", "خبر"]
    (tmp_path / "b.jsonl").write_text("{\n")
    with pytest.raises(CorpusError, match=r"b\.jsonl, line 1"):
        next(corpus(tmp_path / "b.jsonl"))


def test_generated_stories_differ_but_for_copies() -> None:
    told = list(islice(corpus(None), 50))
    assert 45 <= len({story.paragraphs for story in told}) < 50


def test_a_batch_is_what_the_next_poll_finds_new(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path / "news", corpus(None), 2, port=8080)
    first, second, third = newsroom.print(15, 5)
    assert (first.host, second.host, third.host) == (0, 1, 0)
    listed = []
    for batch in (first, third):
        newsroom.publish(batch)
        text = gzip.decompress((tmp_path / "news" / "www" / "feed" / "0.xml.gz").read_bytes())
        listed.append(text.decode().count("<item>"))
    assert listed == [5, 10]
    page = gzip.decompress((tmp_path / "news" / "www" / "a" / "0.html.gz").read_bytes())
    assert 55_000 < len(page) < 115_000


TOLD: dict[str, Any] = {
    "bytes": {"articles": 3000.0, "ledger": 1000.0, "pages": 10_000.0},
    "phases": [
        {
            "name": "saturation",
            "rate": 0,
            "searchable": 1,
            "cpu_ms": {"process": 6.0, "index": 1.0, "elasticsearch": 3.0, "newsroom": 99.0},
            "memory": {"process": 150.0, "index": 50.0, "elasticsearch": 1000.0, "newsroom": 9.0},
        }
    ],
}


def test_sizing_follows_its_formulas() -> None:
    of = needs(costs(TOLD), 8_640_000)
    assert of["articles a second, mean and peak"] == "100.0, 300.0"
    assert of["cores, pipeline"] == "3.5"
    assert of["cores, Elasticsearch"] == "3.0"
    assert of["workers: fetch, process, index"] == "10, 2, 1"
    assert of["disk, 30 days of pages"] == "2.6 TB"
    assert any("process" in line for line in tables(costs(TOLD), "a test"))
