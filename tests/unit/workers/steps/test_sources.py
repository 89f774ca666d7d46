"""Files of sources: TOML and OPML become the same sources."""

from dataclasses import replace

import pytest

from deploy.local.places import CHECKOUT
from ingest.errors import Permanent
from ingest.files.opml import write_opml
from ingest.model import Source
from tests.fakes import World
from workers.steps.source_file import read_file, source_id
from workers.steps.sources import add, as_found, ids_of, import_file, language_codes, since_days

DEPLOY = CHECKOUT / "deploy"
SITE = "https://fajr.example/"
FOUND = Source(source_id(SITE), "sitemap", f"{SITE}map.xml", "فجر", "Asia/Baghdad", 900, home=SITE)


def test_the_example_file_is_read() -> None:
    (source,), problems = read_file((DEPLOY / "sources.toml").read_bytes(), opml=False)
    assert (source.kind, source.timezone, source.interval_s, problems) == ("site", "Asia/Baghdad", 900, ())
    assert source.id == source_id(source.url)


def test_every_setting_of_toml() -> None:
    text = f'\ufeff[[source]]\nurl = "{SITE}"\nkind = "index"\nselector = "h2 a"\npages = 3\nfull_text = true\n'
    text += 'languages = ["ar"]\n'
    (source,), _ = read_file(text.encode(), opml=False)
    assert source == Source(source_id(SITE), "index", SITE, selector="h2 a", pages=3, full_text=True, languages=("ar",))


@pytest.mark.parametrize(
    ("setting", "hours"), [("", (1, 6, 24, 168)), ("revisit = false", ()), ("revisit_hours = [0.5, 2]", (0.5, 2))]
)
def test_a_source_says_when_its_articles_are_looked_at_again(setting: str, hours: tuple[float, ...]) -> None:
    (source,), problems = read_file(f'[[source]]\nurl = "{SITE}"\n{setting}'.encode(), opml=False)
    assert (source.revisit_hours, problems) == (hours, ())


def test_an_exported_source_is_imported_as_the_same() -> None:
    sources = [
        FOUND,
        replace(
            FOUND, id=source_id(f"{SITE}2"), url=f"{SITE}2", home="", languages=("ar", "fa"), revisit_hours=(0.5, 24)
        ),
    ]
    assert read_file(write_opml(sources).encode(), opml=True) == (sources, ())
    old = write_opml(sources).replace('"ar,fa"', "\"('ar', 'fa')\"")
    assert read_file(old.encode(), opml=True)[0] == sources


@pytest.mark.parametrize("text", ["", "[[source", "[[sources]]\nurl = 'x'", "[source]\nurl = 'x'", "\xff"])
def test_a_file_that_is_no_list_is_refused(text: str) -> None:
    with pytest.raises((KeyError, ValueError)):
        read_file(text.encode("latin-1"), opml=False)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("name = 'x'", "no 'url'"),
        ("url = 'x'", "url_invalid"),
        ("url = 'http://h/'\nrevisit_hours = [0]", "revisit_hours has 0"),
        ("url = 'gopher://x/'", "url_scheme"),
        ("url = 'file:///etc/passwd'", "url_scheme"),
        ("url = 2026-11-23", ""),
        ("url = ['x']", ""),
        (f"url = '{SITE}x'\nintervall_s = 900", "no setting intervall_s; did you mean interval_s?"),
        (f"url = '{SITE}x'\ninterval_s = -5", "bad_setting"),
        (f"url = '{SITE}x'\ninterval_s = 99999999999999999999", "bad_setting"),
        (f"url = '{SITE}x'\ninterval_s = 'often'", "interval_s: "),
        (f"url = '{SITE}x'\nsince_days = -1", "bad_setting"),
        (f"url = '{SITE}x'\npages = 0", "bad_setting"),
        (f"url = '{SITE}x'\ntimezone = 'Baghdad'", "bad_timezone"),
        (f"url = '{SITE}x'\nkind = 'rss'", "bad_kind"),
        (f"url = '{SITE}x'\nlanguages = 'ar'", "languages: "),
    ],
)
def test_a_wrong_source_is_named_and_the_others_are_added(world: World, wrong: str, said: str) -> None:
    body = f"[[source]]\n{wrong}\n[[source]]\nurl = ' \u200f{SITE} '\n".encode()
    done = import_file(world.rt, body=body, opml=False)
    assert [source.url for source in done.sources] == [SITE]
    assert world.rt.sources.get(source_id(SITE)) == done.sources[0]
    (problem,) = done.problems
    assert problem.startswith("source 1 (")
    assert said in problem


def test_one_outline_s_wrong_setting_costs_no_other() -> None:
    outlines = f'<outline xmlUrl="{SITE}x" w:interval_s="x"/><outline xmlUrl="{SITE}"/>'
    found, problems = read_file(f'<opml xmlns:w="urn:warraq:source"><body>{outlines}</body></opml>'.encode(), opml=True)
    assert ([source.url for source in found], len(problems)) == ([SITE], 1)


def test_a_source_is_named_by_whatever_a_list_shows_of_it(world: World) -> None:
    world.sources.put(FOUND)
    for named in (FOUND.id, FOUND.id[:12], "فجر", "fajr.example", FOUND.url, SITE):
        assert ids_of(world.rt, named=named) == (FOUND.id,)
    removed = "0123456789abcdef" * 2
    assert ids_of(world.rt, named=removed) == (removed,)
    assert ids_of(world.rt, named="") == ()
    with pytest.raises(Permanent, match="no_source: fajr"):
        ids_of(world.rt, named="fajr")


def test_a_site_is_not_searched_again_by_an_import() -> None:
    declared = Source(FOUND.id, "site", SITE, "اسم آخر", interval_s=600)
    assert as_found(declared, FOUND) == replace(declared, kind="sitemap", url=FOUND.url, home=SITE)
    assert as_found(declared, None) == declared
    assert as_found(replace(declared, kind="feed"), FOUND).kind == "feed"


@pytest.mark.parametrize(("text", "days"), [("30d", 30), ("90", 90), ("all", 0)])
def test_how_old_articles_may_be(text: str, days: int) -> None:
    assert since_days(text) == days


@pytest.mark.parametrize("text", ["", "0d", "-3d", "soon", "3w"])
def test_a_wrong_age_is_refused(text: str) -> None:
    with pytest.raises(Permanent, match="bad_date"):
        since_days(text)


def test_languages_are_iso_codes(world: World) -> None:
    assert language_codes(" AR, fa ,") == ("ar", "fa")
    assert language_codes("") == ()
    with pytest.raises(Permanent, match="bad_language"):
        add(world.rt, source=replace(FOUND, languages=("arabic",)))
    assert world.rt.sources.get(FOUND.id) is None
