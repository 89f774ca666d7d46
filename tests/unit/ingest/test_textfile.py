"""Text files: title, caption, body."""

from datetime import UTC, datetime

import pytest

from ingest.errors import Rejected
from ingest.model import Page
from ingest.textfile import TextFile, is_text, read_text

TITLE, CAPTION, ONE, TWO = "افتتاح المعرض", "زوار في المعرض", "افتتح المعرض أمس.", "ويستمر أسبوعا."

SHAPES = [
    ("{t}\n{c}\n{a}", (TITLE, CAPTION, ONE)),
    ("{t}\n{c}\n{a}\n{b}\n", (TITLE, CAPTION, f"{ONE}\n{TWO}")),
    ("{t}\n{c}\n\n{a}\n\n\n{b}", (TITLE, CAPTION, f"{ONE}\n\n\n{TWO}")),
    ("\n\n  {t}  \r\n{c}\r\n{a}\r\n\r\n", (TITLE, CAPTION, ONE)),
    ("{t}\r{c}\r{a}", (TITLE, CAPTION, ONE)),
    ("{t}\n\n{a}\n{b}", (TITLE, "", f"{ONE}\n{TWO}")),
    ("{t}\n\n{a}", (TITLE, "", ONE)),
    ("{t}\n{a}", (TITLE, "", ONE)),
    ("{t}", (TITLE, "", "")),
]


@pytest.mark.parametrize(("shape", "parts"), SHAPES)
@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "utf-16-le", "windows-1256"])
def test_lines_are_title_caption_body(shape: str, parts: tuple[str, str, str], charset: str) -> None:
    text = read_text(shape.format(t=TITLE, c=CAPTION, a=ONE, b=TWO).encode(charset))
    assert (text.title, text.caption, text.body) == parts


def test_a_bom_is_no_part_of_the_title() -> None:
    assert read_text(f"\ufeff{TITLE}\n{ONE}".encode()) == TextFile(TITLE, "", ONE, "utf-8")


def test_what_is_no_text_is_counted() -> None:
    assert read_text(f"{TITLE}\n{ONE * 5}".encode() + b"\xff").undecoded == 1


@pytest.mark.parametrize(
    ("head", "is_one"), [("<!DOCTYPE html>", False), ("\ufeff\n<html lang=ar>", False), ("<خبر>", True)]
)
def test_html_that_is_served_as_text_is_no_text_file(head: str, is_one: bool) -> None:  # noqa: FBT001  # a column
    page = Page("http://h/1", 200, (("Content-Type", "text/plain"),), head.encode(), datetime.now(UTC))
    assert is_text(page) is is_one


@pytest.mark.parametrize("body", [b"", b" \n\t\r\n", b"\xef\xbb\xbf", b"\0\0"])
def test_an_empty_file_is_rejected(body: bytes) -> None:
    with pytest.raises(Rejected) as caught:
        read_text(body)
    assert caught.value.reason == "empty"
