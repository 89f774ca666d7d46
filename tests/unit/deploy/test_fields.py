"""docs/fields.md says what the declarations say."""

from dataclasses import dataclass

from deploy.fields import PAGE, SECTIONS, fields_of, meanings_of, text
from ingest.document import MAPPINGS
from ingest.mappings import KEYWORD, mapping, stored


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == text(), "run `make docs`"


def test_every_field_has_a_meaning() -> None:
    fields = [field for declarations in SECTIONS.values() for one in declarations for field in fields_of(one)]
    assert [field.name for field in fields if not field.meaning] == []


def test_no_index_is_missing() -> None:
    assert [mapping(*declarations) for declarations in SECTIONS.values()] == list(MAPPINGS.values())


@dataclass(frozen=True)
class _Inner:
    deep: str = stored(KEYWORD, default="")
    """Further down."""


@dataclass(frozen=True)
class _Outer:
    names: tuple[str, ...] = stored(KEYWORD, default=())
    """Over two
    lines."""
    inner: _Inner | None = stored(mapping(_Inner), default=None)
    silent: str = stored(KEYWORD, default="")
    private: str = ""
    """Not stored."""


def test_a_meaning_is_the_docstring_below_a_field() -> None:
    assert meanings_of(_Outer) == {"names": "Over two lines.", "private": "Not stored."}
    assert [str(field) for field in fields_of(_Outer)] == [
        "| `names` | keyword, several | Over two lines. |",
        "| `inner` | object |  |",
        "| `inner.deep` | keyword | Further down. |",
        "| `silent` | keyword |  |",
    ]
