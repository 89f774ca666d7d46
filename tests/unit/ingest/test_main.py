"""`python -m ingest`: one page told step by step, a folder as JSON lines."""

import gzip
import json
from pathlib import Path

import pytest

from ingest.__main__ import main
from tests.unit.ingest.test_extract import BODY, page_of

RULE = "hosts = ['rule.example']\n[[version]]\nsince = 2020-01-01\nbody = ['h1']\n"


def test_a_page_is_told_step_by_step(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.html"
    page.write_text(page_of(), encoding="utf-8")
    assert main([str(page), "--url", "https://akhbar.example/1"]) == 0
    told = capsys.readouterr().out
    for step in ("extract", "repair_text", "measure", "check", "document"):
        assert f"== {step}" in told
    assert json.loads(told.partition("== document")[2])["body"] == BODY


def test_a_rule_is_tried(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page, rule = tmp_path / "page.html", tmp_path / "rule.toml"
    page.write_text(page_of(), encoding="utf-8")
    rule.write_text(RULE, encoding="utf-8")
    assert main([str(page), "--url", "https://rule.example/1", "--rule", str(rule)]) == 1
    assert "not_an_article" in capsys.readouterr().out


def test_a_folder_becomes_json_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.html").write_text(page_of(), encoding="utf-8")
    (tmp_path / "b.html.gz").write_bytes(gzip.compress(page_of(body="<h1>404</h1><p>لا شيء</p>").encode()))
    (tmp_path / "c.html").write_bytes(b"")
    (tmp_path / "notes.md").write_text("no page", encoding="utf-8")
    assert main(["--jsonl", str(tmp_path)]) == 0
    one, two, three = map(json.loads, capsys.readouterr().out.splitlines())
    assert (one["id"], one["body"], one["quality"]["method"]) == ("a", BODY, "own")
    assert (two["id"], two["title"], two["rejected"].partition(":")[0]) == ("b", "404", "not_an_article")
    assert three == {"id": "c", "title": "", "body": "", "rejected": "empty: 0 bytes without text"}


@pytest.mark.parametrize("arguments", [[], ["page.html", "--jsonl", "folder"]])
def test_one_of_page_and_folder_must_be_named(arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        main(arguments)
