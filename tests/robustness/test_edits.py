"""Long articles that changed: they are compared in time."""

from ingest.model import Article
from ingest.revisions.edit import edit_of


def kinds_between(old: str, new: str) -> tuple[str, ...]:
    edit = edit_of(*(Article("1" * 32, "http://h/1", "الوزير يفتتح معرض الكتاب", body) for body in (old, new)))
    return tuple(map(str, edit.kinds)) if edit else ()


def test_an_article_that_was_written_anew_at_great_length_is_compared_quickly() -> None:
    """Frequent words make difflib quadratic: minutes, and the worker's time limit."""
    old, new = (" ".join(f"في {letter * 2}{chr(0x628 + n % 7)} من" for n in range(2_000)) for letter in "سش")
    assert kinds_between(old, new) == ("substantive",)


def test_an_article_of_a_very_great_many_lines_is_compared_quickly() -> None:
    """A table of results: thousands of lines, and many of them the same."""
    lines = ["نعم.", "لا.", "غائب."] * 1_500
    assert kinds_between("\n".join(lines), "\n".join([*lines[:2_000], "حاضر.", *lines[2_000:]])) == ("minor",)
    assert kinds_between("\n".join(lines), "\n".join(["أول.", *lines[::-1], "آخر."])) == ("substantive",)
