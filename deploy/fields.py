"""`make docs`: docs/fields.md, every stored field with its type and meaning, from the declarations themselves.

A field's meaning is the docstring below it; a field without one fails tests/unit/deploy/test_fields.py.
"""

import ast
import dataclasses
import inspect
import sys
import typing
from collections.abc import Iterator, Mapping
from itertools import pairwise
from textwrap import dedent
from typing import Any, Final

from deploy.local import places
from ingest.forget import Tombstone
from ingest.ledger.record import Record
from ingest.ledger.tally import Tally
from ingest.model import Article, Source
from ingest.polling.poll import Poll
from ingest.revisions.revision import Revision
from ingest.stories.fingerprint import Fingerprint, Membership
from ingest.stories.story import Story

PAGE: Final = places.CHECKOUT / "docs" / "fields.md"
SECTIONS: Final[Mapping[str, tuple[type, ...]]] = {
    "Documents: `news`, an alias over `news-articles-YYYY.MM`": (Article, Membership),
    "Ledger: `news-ledger`": (Record,),
    "Sources: `news-sources`": (Source, Poll),
    "Tallies: `news-tallies`": (Tally,),
    "Fingerprints: `news-fingerprints`, what articles are compared by": (Fingerprint,),
    "Stories of several articles: `news-stories`": (Story,),
    "Versions: `news-revisions`": (Revision,),
    "What was forgotten: `news-tombstones`": (Tombstone,),
}
HEAD: Final = """\
# Fields

Written by `make docs` from the declarations in `ingest/`; do not edit it here. Empty values are left out of documents.
A type in *italics* is kept, but cannot be searched for.
"""
TABLE: Final = "\n| field | type | meaning |\n|---|---|---|\n"


@dataclasses.dataclass(frozen=True, slots=True)
class Field:
    """One row of a table."""

    name: str
    kind: str
    meaning: str

    def __str__(self) -> str:
        """Return the row in Markdown."""
        return f"| `{self.name}` | {self.kind} | {self.meaning} |".replace("\n", " ")


def fields_of(declared: Any, prefix: str = "", *, searched: bool = True) -> Iterator[Field]:  # noqa: ANN401  # a dataclass, which typeshed has no public name for
    """Yield a dataclass's fields in order, each followed by the fields of the dataclass it holds, if any."""
    hints, meanings = typing.get_type_hints(declared), meanings_of(declared)
    for one in dataclasses.fields(declared):
        if "mapping" not in one.metadata and not prefix:
            continue
        mapping = one.metadata.get("mapping", {})
        enabled = searched and mapping.get("enabled", True)
        yield Field(prefix + one.name, _kind(mapping, hints[one.name], enabled=enabled), meanings.get(one.name, ""))
        for inner in () if prefix else filter(dataclasses.is_dataclass, _inside(hints[one.name])):
            yield from fields_of(inner, f"{one.name}.", searched=enabled)


def meanings_of(declared: type) -> dict[str, str]:
    """Return the docstrings below a dataclass's fields, each in one line."""
    (declaration,) = ast.parse(dedent(inspect.getsource(declared))).body
    return {
        field.target.id: " ".join(text.value.value.split())
        for field, text in pairwise(getattr(declaration, "body", []))
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant) and isinstance(text.value.value, str)
    }


def text() -> str:
    """Return the whole page."""
    parts = [HEAD]
    for title, declarations in SECTIONS.items():
        rows = [str(field) for declared in declarations for field in fields_of(declared)]
        parts.append(f"\n## {title}\n{TABLE}" + "\n".join(rows) + "\n")
    return "".join(parts)


def _kind(mapping: Mapping[str, Any], hint: object, *, enabled: bool) -> str:
    """Return a field's type: Elasticsearch's where it is searched, else Python's; many of them where it is a tuple."""
    found = mapping.get("type") or "object"
    if not enabled:
        held = "object" if typing.get_origin(hint) is Mapping else next(_inside(hint)).__name__
        found = f"*{held}*"
    analyzer = f", `{mapping['analyzer']}`" if "analyzer" in mapping else ""
    several = ", several" if typing.get_origin(hint) is tuple else ""
    return f"{found}{analyzer}{several}"


def _inside(hint: Any) -> Iterator[Any]:  # noqa: ANN401  # a type hint may be anything
    """Yield the types that a hint is made of: `tuple[Entry, ...]` holds Entry."""
    parts = [part for part in typing.get_args(hint) if part is not Ellipsis]
    if not parts:
        yield hint
    for part in parts:
        yield from _inside(part)


def main() -> int:
    """Write the page."""
    PAGE.write_text(text(), encoding="utf-8")
    print(PAGE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
