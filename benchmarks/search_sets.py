"""What a search benchmark asks: passages with questions, pairs of words, and news told by two newspapers."""

import csv
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any, Final
from zlib import crc32

from ingest.arabic.fold import tokens
from ingest.arabic.repair import repair

SHINGLE: Final = 3
"""Words in a row that two tellings of a story are compared by."""
SAMPLED: Final = 4
"""One shingle in so many is compared: enough for a body of 100 words, and quick."""
COMMON: Final = 40
"""A shingle in more articles than this is a formula, not a story."""
RELATED, SAME_STORY, COPY = 0.25, 0.5, 0.9
"""Jaccard similarities of bodies, as in the analyzer study: tellings of one story, its neighbours, plain copies."""
MIN_SHINGLES: Final = 10
PER_STORY: Final = 2


@dataclass(frozen=True, slots=True)
class Document:
    """One text to index."""

    id: str
    body: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """A search, the documents that answer it, and those that do not count either way."""

    text: str
    relevant: frozenset[str]
    ignored: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TestSet:
    """Documents and, by the set's name, the queries over them."""

    documents: Sequence[Document]
    queries: Mapping[str, Sequence[Query]]


@dataclass(frozen=True, slots=True)
class Pair:
    """A searched word, a written form, and whether the one should find the other."""

    category: str
    query: str
    form: str
    matches: bool


def passages(folder: Path) -> TestSet:
    """Read passages.jsonl.gz (pid, text) and queries.jsonl.gz (source, question, relevant)."""
    documents = [Document(line["pid"], repair(line["text"])) for line in _lines(folder / "passages.jsonl.gz")]
    queries = defaultdict(list)
    for line in _lines(folder / "queries.jsonl.gz"):
        queries[line["source"]].append(Query(line["question"], frozenset(line["relevant"])))
    return TestSet(documents, queries)


def pairs(file: Path) -> list[Pair]:
    """Read a table of category, query, form, should_match; a form is repaired as the pipeline does it."""
    with file.open(encoding="utf-8") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Pair(r["category"], r["query"], repair(r["form"]), r["should_match"] == "1") for r in rows]


def news(file: Path) -> TestSet:
    """Make a known-item test of articles (source, title, content): a headline should find the other papers' telling.

    Relevant are other papers' articles with RELATED <= similarity < COPY and what these resemble by SAME_STORY; the
    article itself, its copies and all of the same title do not count. Stories are split in two halves, `news-dev` and
    `news-test`, at most PER_STORY queries of each.
    """
    lines = [line for line in _lines(file) if line["title"] and line["content"]]
    documents = [Document(str(n), repair(line["content"]), repair(line["title"])) for n, line in enumerate(lines)]
    alike = similarities(documents)
    same_title = defaultdict(set)
    for document in documents:
        same_title[tuple(tokens(document.title))].add(document.id)
    queries: dict[str, list[Query]] = {"news-dev": [], "news-test": []}
    asked: Counter[str] = Counter()
    story_of = _stories(alike)
    for document in documents:
        story = story_of.get(document.id, "")
        ignored = same_title[tuple(tokens(document.title))] | _at_least(alike, document.id, COPY) | {document.id}
        relevant = _retold(document.id, alike, lines) - ignored
        if relevant and asked[story] < PER_STORY and len(tokens(document.title)) > 1:
            asked[story] += 1
            half = "news-test" if crc32(story.encode()) % 2 else "news-dev"
            queries[half].append(Query(document.title, frozenset(relevant), frozenset(ignored)))
    return TestSet(documents, queries)


def similarities(documents: Iterable[Document]) -> dict[str, dict[str, float]]:
    """Return, for each document, the documents whose bodies resemble it by RELATED or more (Jaccard of shingles)."""
    holders = defaultdict(list)
    sizes: Counter[str] = Counter()
    for document in documents:
        for shingle in _shingles(document.body):
            holders[shingle].append(document.id)
            sizes[document.id] += 1
    shared: Counter[tuple[str, str]] = Counter()
    for ids in holders.values():
        if len(ids) <= COMMON:
            shared.update(combinations(ids, 2))
    alike: dict[str, dict[str, float]] = defaultdict(dict)
    for (one, other), count in shared.items():
        similarity = count / (sizes[one] + sizes[other] - count)
        if similarity >= RELATED and min(sizes[one], sizes[other]) >= MIN_SHINGLES:
            alike[one][other] = alike[other][one] = similarity
    return alike


def _shingles(text: str) -> set[int]:
    words = tokens(text)
    hashes = (crc32(" ".join(words[n : n + SHINGLE]).encode()) for n in range(len(words) - SHINGLE + 1))
    return {number for number in hashes if number % SAMPLED == 0}


def _at_least(alike: Mapping[str, Mapping[str, float]], one: str, least: float) -> set[str]:
    return {other for other, similarity in alike.get(one, {}).items() if similarity >= least}


def _retold(one: str, alike: Mapping[str, Mapping[str, float]], lines: Sequence[Mapping[str, Any]]) -> set[str]:
    source = lines[int(one)]["source"]
    near = _at_least(alike, one, RELATED) - _at_least(alike, one, COPY)
    retold = {other for other in near if lines[int(other)]["source"] != source}
    return retold | {third for other in retold for third in _at_least(alike, other, SAME_STORY)}


def _stories(alike: Mapping[str, Mapping[str, float]]) -> dict[str, str]:
    """Return the story, named after its first article, of each article that resembles another."""
    story_of: dict[str, str] = {}
    for first in alike:
        waiting = [first]
        while waiting:
            one = waiting.pop()
            if one not in story_of:
                story_of[one] = first
                waiting += alike[one]
    return story_of


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)
