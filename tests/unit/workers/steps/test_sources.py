"""Files of sources: TOML and OPML become the same sources."""

from dataclasses import replace

import pytest

from deploy.local.places import CHECKOUT
from ingest.errors import Permanent
from ingest.files.opml import write_opml
from ingest.model import Source
from tests.fakes import World
from workers.steps.sources import add, as_found, ids_of, language_codes, read_file, since_days, source_id

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


def test_an_exported_source_is_imported_as_the_same() -> None:
    assert read_file(write_opml([FOUND]).encode(), opml=True)[0] == [FOUND]


@pytest.mark.parametrize(
    "text",
    ["", "[[source]]\nname = 'x'", "[[source", '[[source]]\nurl = "x"', '[[source]]\nurl = "gopher://x/"', "\xff"],
)
def test_a_wrong_file_is_refused(text: str) -> None:
    with pytest.raises((KeyError, ValueError, Permanent)):
        read_file(text.encode("latin-1"), opml=False)


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
    with pytest.raises(Permanent, match="bad_since"):
        since_days(text)


def test_languages_are_iso_codes(world: World) -> None:
    assert language_codes(" AR, fa ,") == ("ar", "fa")
    assert language_codes("") == ()
    with pytest.raises(Permanent, match="bad_language"):
        add(world.rt, source=replace(FOUND, languages=("arabic",)))
    assert world.rt.sources.get(FOUND.id) is None
