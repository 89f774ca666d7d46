"""Site rules: where things are on the pages of one publisher, as CSS selectors in a TOML text.

    hosts = ["hiwar.example"]             # and their www., m. and amp. forms

    [[version]]
    since = 2026-01-01                    # for pages fetched from that day on (UTC); newest first, as many as needed
    body = ["dl.interview"]               # of each key the first selector that finds text counts, all its elements
    drop = [".num", "p:has(> a)"]         # elements inside it that are taken out
    drop_text = ["^نشر هذا الحوار"]         # lines that are taken out (regular expressions, searched)
    title = [".cover b"]                  # its first element that has text
    authors = [".guest + .by"]            # a name or a byline each
    published = ["time.up"]               # its `datetime`, else `content`, else text; read as any date

Every key but `since` may be missing: the generic extractor finds that value then, as it does where no selector fits.
The body is selected in the page's lxml tree; only what was selected goes through BeautifulSoup, whose selectors know
`:has()` and whose trees are safe to cut (on whole pages it would cost five times the extraction).

A rule is only kept while it beats the generic extractor on its own fixtures: tests/unit/ingest/extract/test_rules.py.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, cast

import soupsieve
from bs4 import BeautifulSoup
from cssselect import SelectorError
from lxml import html
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from ingest.errors import Permanent
from ingest.extract.body.walk import read_layout
from ingest.extract.head import line
from ingest.extract.shown import spaced

PREFIX: Final = re.compile(r"^(?:www|m|mobile|amp)\.")
VALUES: Final = ("title", "authors", "published")
"""What a rule can give besides the body."""
KEYS: Final = frozenset({"since", "body", "drop", "drop_text", *VALUES})


@dataclass(frozen=True, slots=True)
class Version:
    """How the pages of a site look from a day on."""

    since: date
    body: tuple[CSSSelector, ...]
    drop: tuple[soupsieve.SoupSieve, ...]
    drop_text: tuple[re.Pattern[str], ...]
    values: Mapping[str, tuple[CSSSelector, ...]]
    """By the words of VALUES."""


SiteRules = tuple[Version, ...]
"""The versions that may fit a page, newest first."""


def read_rules(text: str) -> dict[str, SiteRules]:
    """Return the versions that a TOML text holds, by host. Raises Permanent (`rule_invalid`) with what is wrong."""
    try:
        table = tomllib.loads(text)
        hosts = [str(host) for host in table["hosts"]]
        versions = sorted(map(_version, table["version"]), key=lambda version: version.since, reverse=True)
    except (
        tomllib.TOMLDecodeError,
        SelectorError,
        soupsieve.SelectorSyntaxError,
        re.error,
        KeyError,
        TypeError,
        ValueError,
    ) as error:
        raise Permanent("rule_invalid", f"{type(error).__name__}: {error}") from error
    return dict.fromkeys(hosts, tuple(versions))


def rules_for(host: str, at: datetime, rules: Mapping[str, SiteRules]) -> SiteRules:
    """Return the versions for a page of a host that was fetched at that time, newest first."""
    versions = rules.get(host) or rules.get(PREFIX.sub("", host), ())
    return tuple(version for version in versions if version.since <= at.astimezone(UTC).date())


def by_rule(tree: HtmlElement, rules: SiteRules) -> tuple[str, ...]:
    """Return the lines that the first fitting version finds, none where none does. The tree stays as it is."""
    return next((lines for version in rules if (lines := _lines(tree, version))), ())


def values_by_rule(tree: HtmlElement, rules: SiteRules) -> Mapping[str, list[str]]:
    """Return the texts that the first fitting version finds for each of VALUES; what none finds is missing."""
    found = {
        name: next(filter(None, (_first(tree, version.values[name], _texts) for version in rules)), ())
        for name in VALUES
    }
    return {name: list(texts) for name, texts in found.items() if texts}


def _texts(nodes: list[HtmlElement]) -> Iterable[str]:
    return filter(None, map(_text, nodes))


def _text(node: HtmlElement) -> str:
    return line(node.get("datetime") or node.get("content") or spaced(node))


def _version(table: dict[str, Any]) -> Version:
    if unknown := table.keys() - KEYS:
        raise ValueError(f"unknown keys: {', '.join(sorted(unknown))}")
    if not table.keys() & {"body", *VALUES}:
        raise ValueError(f"a version says nothing: it needs body, {', '.join(VALUES)}, or some of them")
    return Version(
        table["since"] if isinstance(table["since"], date) else date.fromisoformat(table["since"]),
        _selectors(table, "body"),
        tuple(map(soupsieve.compile, table.get("drop", []))),
        tuple(map(re.compile, table.get("drop_text", []))),
        {name: _selectors(table, name) for name in VALUES},
    )


def _selectors(table: dict[str, Any], name: str) -> tuple[CSSSelector, ...]:
    return tuple(CSSSelector(text, translator="html") for text in table.get(name, []))


def _lines(tree: HtmlElement, version: Version) -> tuple[str, ...]:
    return _first(tree, version.body, lambda nodes: _cleaned(nodes, version))


def _first(
    tree: HtmlElement, selectors: tuple[CSSSelector, ...], read: Callable[[list[HtmlElement]], Iterable[str]]
) -> tuple[str, ...]:
    """Return what is read of the elements of the first selector that finds text."""
    found = (cast("list[HtmlElement]", selector(tree)) for selector in selectors)
    return next((texts for nodes in found if (texts := tuple(read(nodes)))), ())


def _cleaned(nodes: list[HtmlElement], version: Version) -> Iterable[str]:
    for node in nodes:
        texts = (block.text for block in read_layout(_cut(node, version)).blocks)
        yield from (text for text in texts if not any(pattern.search(text) for pattern in version.drop_text))


def _cut(node: HtmlElement, version: Version) -> HtmlElement:
    """Return a copy of a node without the elements that are to be dropped."""
    soup = BeautifulSoup(html.tostring(node, encoding="unicode", with_tail=False), "lxml")
    for selector in version.drop:
        for element in selector.select(soup):
            element.decompose()
    return html.document_fromstring(str(soup) or "<p></p>")
