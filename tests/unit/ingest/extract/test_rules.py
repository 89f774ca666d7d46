"""Site rules: how they are read, which one fits a page, and whether each is worth its keep."""

import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import html

from benchmarks.extraction import scores
from deploy.local.places import CHECKOUT
from ingest.errors import Permanent
from ingest.extract import extract
from ingest.extract.rules import VALUES, SiteRules, by_rule, read_rules, rules_for
from ingest.model import Article, Entry, Page, Source

RULES = CHECKOUT / "deploy" / "rules"
NOW = datetime(2026, 11, 25, tzinfo=UTC)
TOML = """
hosts = ["hiwar.example"]
[[version]]
since = 2025-01-01
body = ["div.old"]
[[version]]
since = "2026-03-01"
body = ["div.none", "div.new"]
drop = [".num", "p:has(> a:only-child)"]
drop_text = ["^نشر"]
"""
NEW = "<div class=new><p><i class=num>1</i> أول</p><p><a href=x>رابط</a></p><p>ثان</p><p>نشر أمس</p></div>"


def fixtures(gold: str) -> list[tuple[Path, Path]]:
    return [
        (rule, file) for rule in sorted(RULES.glob("*.toml")) for file in sorted((RULES / rule.stem).glob(f"*.{gold}"))
    ]


def article(page: Path, rules: dict[str, SiteRules]) -> Article:
    url = f"https://{next(iter(rules), 'none.example')}/{page.stem}"
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    fetched = Page(url, 200, headers, page.read_bytes(), NOW)
    return extract(Source("s", "feed", url), Entry(url), fetched, rules=rules)


def values(found: Article) -> dict[str, object]:
    day = found.published_at and found.published_at.date().isoformat()
    return {"title": found.title, "authors": list(found.authors), "published": day}


@pytest.mark.parametrize(("rule", "gold"), fixtures("txt"), ids=lambda path: path.stem)
def test_a_rule_beats_the_generic_extractor_on_each_of_its_fixtures(rule: Path, gold: Path) -> None:
    text, page = gold.read_text(encoding="utf-8").strip(), gold.with_suffix(".html")
    ruled = scores([(text, article(page, read_rules(rule.read_text(encoding="utf-8"))).body)])
    assert ruled[0] > scores([(text, article(page, {}).body)])[0]
    assert ruled[0] > 0.95


@pytest.mark.parametrize(("rule", "gold"), fixtures("json"), ids=lambda path: path.stem)
def test_a_rule_tells_each_value_that_the_generic_extractor_gets_wrong(rule: Path, gold: Path) -> None:
    wanted, page = json.loads(gold.read_text(encoding="utf-8")), gold.with_suffix(".html")
    found = article(page, read_rules(rule.read_text(encoding="utf-8")))
    assert {name: value for name, value in values(found).items() if name in wanted} == wanted
    generic = values(article(page, {}))
    assert not [name for name, value in wanted.items() if generic[name] == value], "the rule is not needed"
    told = {part.split("=")[0] for part in found.provenance if part.endswith("=rule")}
    assert told == {"published_at" if name == "published" else name for name in wanted}


def test_every_rule_has_fixtures_for_all_that_it_tells_and_hosts_of_its_own() -> None:
    files = sorted(RULES.glob("*.toml"))
    for file in files:
        told = {key for version in tomllib.loads(file.read_text(encoding="utf-8"))["version"] for key in version}
        proven = {key for rule, gold in fixtures("json") if rule == file for key in json.loads(gold.read_text("utf-8"))}
        if any(rule == file for rule, _ in fixtures("txt")):
            proven.add("body")
        assert told & {"body", *VALUES} == proven, file.name
    hosts = [host for file in files for host in read_rules(file.read_text(encoding="utf-8"))]
    assert len(hosts) == len(set(hosts))


@pytest.mark.parametrize(
    ("host", "at", "versions"),
    [
        ("hiwar.example", datetime(2026, 3, 1, tzinfo=UTC), 2),
        ("www.hiwar.example", datetime(2026, 2, 28, tzinfo=UTC), 1),
        ("m.hiwar.example", datetime(2024, 1, 1, tzinfo=UTC), 0),
        ("news.hiwar.example", NOW, 0),
    ],
)
def test_the_versions_that_may_fit(host: str, at: datetime, versions: int) -> None:
    assert len(rules_for(host, at, read_rules(TOML))) == versions


@pytest.mark.parametrize(
    ("page", "lines"),
    [
        (NEW, ("أول", "ثان")),
        (NEW + NEW.replace("أول", "ثالث"), ("أول", "ثان", "ثالث", "ثان")),
        ("<div class=old>قديم</div>", ("قديم",)),
        ("<div class=new></div><div class=old>قديم</div>", ("قديم",)),
        ("<p>آخر</p>", ()),
    ],
    ids=["new", "twice", "old", "new, but empty", "none"],
)
def test_the_newest_version_that_finds_text_counts(page: str, lines: tuple[str, ...]) -> None:
    tree = html.document_fromstring(f"<html><body>{page}</body></html>")
    before = html.tostring(tree)
    assert by_rule(tree, rules_for("hiwar.example", NOW, read_rules(TOML))) == lines
    assert html.tostring(tree) == before


@pytest.mark.parametrize(
    "text",
    [
        "hosts = [",
        "hosts = ['a.example']",
        "hosts = ['a.example']\n[[version]]\nbody = ['p']",
        "hosts = ['a.example']\n[[version]]\nsince = 2026-01-01\nbody = ['p[']",
        "hosts = ['a.example']\n[[version]]\nsince = 'spring'\nbody = ['p']",
        "hosts = ['a.example']\n[[version]]\nsince = 2026-01-01\nbody = ['p']\ndrop_text = ['(']",
        "hosts = ['a.example']\n[[version]]\nsince = 2026-01-01\nbody = ['p']\ndrops = ['i']",
        "hosts = ['a.example']\n[[version]]\nsince = 2026-01-01\ndrop = ['i']",
    ],
    ids=["no TOML", "no version", "no day", "bad selector", "bad day", "bad expression", "unknown key", "nothing"],
)
def test_an_invalid_rule_is_refused_with_what_is_wrong(text: str) -> None:
    with pytest.raises(Permanent) as caught:
        read_rules(text)
    assert caught.value.reason == "rule_invalid"
    assert caught.value.detail
