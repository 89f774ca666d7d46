"""`warraq rules try`: a rule beside the generic result."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from ingest.errors import Permanent
from workers.cli.rules import app
from workers.site_rules import RULES, site_rules

OLIVE = str(RULES / "hiwar.example" / "olive.html")


def test_a_rule_is_shown_beside_the_generic_result() -> None:
    done = CliRunner().invoke(app, ["try", OLIVE, "--url", "https://www.hiwar.example/olive"])
    assert done.exit_code == 0
    assert "متى بدأت؟" in done.output
    assert "rule: 8 lines" in done.output
    assert "* 2026-03-17 00:00:00+00:00" in done.output


def test_a_rule_that_fits_nothing_is_told(tmp_path: Path) -> None:
    rule = "hosts = ['hiwar.example']\n[[version]]\nsince = 2026-01-01\ntitle = ['%s']"
    for selector, code in (("h1 .name", 0), (".none", 1)):
        (tmp_path / "hiwar.example.toml").write_text(rule % selector, encoding="utf-8")
        site_rules.cache_clear()
        done = CliRunner().invoke(app, ["try", OLIVE, "--url", "https://hiwar.example/1", "--folder", str(tmp_path)])
        assert done.exit_code == code


def test_without_a_rule_the_generic_result_is_shown() -> None:
    done = CliRunner().invoke(app, ["try", OLIVE, "--url", "https://other.example/1"])
    assert done.exit_code == 1
    assert "no rule" in done.output
    assert "rule: 0 lines, 0 words; generic: 13 lines" in done.output


@pytest.mark.parametrize(("page", "code"), [(OLIVE, 1), ("/no/such/page.html", 2)])
def test_no_rule_and_no_page_are_told(page: str, code: int) -> None:
    assert CliRunner().invoke(app, ["try", page]).exit_code == code


def test_a_broken_rule_is_named(tmp_path: Path) -> None:
    assert site_rules(tmp_path / "missing") == {}
    (tmp_path / "a.example.toml").write_text("hosts = []", encoding="utf-8")
    with pytest.raises(Permanent, match=r"a\.example\.toml"):
        site_rules(tmp_path)
