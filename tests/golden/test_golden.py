"""Whole pages, and the document that each must become: page.html, meta.json (how it came), article.json."""

import json
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from ingest.document import document
from ingest.model import Entry, Page, Source
from ingest.pipeline import process
from ingest.quality import Quality

HERE = Path(__file__).parent
OTHERS = {"__pycache__", "layouts", "stories"}
CASES = sorted(folder for folder in HERE.iterdir() if folder.is_dir() and folder.name not in OTHERS)
FILES = {"page.html", "meta.json", "article.json"}


def found(case: Path) -> dict[str, Any]:
    meta = json.loads((case / "meta.json").read_text(encoding="utf-8"))
    page = Page(
        meta["url"],
        200,
        tuple(meta["headers"].items()),
        (case / "page.html").read_bytes(),
        datetime.fromisoformat(meta["fetched_at"]),
    )
    entry = TypeAdapter(Entry).validate_python(meta["entry"])
    told = document(process(Source(**meta["source"]), entry, page))
    assert set(told.pop("quality")) == {field.name for field in fields(Quality)}  # numbers: test_gate.py
    return told


def test_there_are_cases_and_each_is_complete() -> None:
    assert CASES
    assert {case.name: {file.name for file in case.iterdir()} for case in CASES} == {case.name: FILES for case in CASES}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_page_becomes_its_document(case: Path) -> None:
    assert found(case) == json.loads((case / "article.json").read_text(encoding="utf-8"))
