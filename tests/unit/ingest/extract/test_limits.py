"""The caps around the parser, each just below and just above."""

import pytest
from lxml import html

from ingest.charset import Decoded, decode
from ingest.errors import Rejected
from ingest.extract.limits import ATTRIBUTES, ELEMENTS, bounded, legible, whole

TEXT = "قالت الوزارة إن الموسم هذا العام أفضل من سابقه. " * 10


def reason(error: pytest.ExceptionInfo[Rejected]) -> str:
    return error.value.reason


def test_too_many_elements_are_refused() -> None:
    assert bounded("<p>" * ELEMENTS) == "<p>" * ELEMENTS
    with pytest.raises(Rejected) as caught:
        bounded("<p>" * (ELEMENTS + 1))
    assert reason(caught) == "parse_limit"


@pytest.mark.parametrize("parted", [" ", "/", "\n"])
def test_a_tag_of_too_many_attributes_is_dropped_and_its_text_kept(parted: str) -> None:
    crowded = f"<p {parted.join(f'a{i}=1' for i in range(ATTRIBUTES + 1))}>"
    assert bounded(f"<h1>أ</h1>{crowded}ب</p>") == "<h1>أ</h1>ب</p>"


def test_quoted_attributes_without_space_between_are_counted() -> None:
    assert bounded("<p " + "".join(f'a{i}="1"' for i in range(ATTRIBUTES + 1)) + ">ب") == "ب"


def test_a_long_description_is_one_attribute() -> None:
    tag = f'<meta name="description" content="{TEXT * 10}">'
    assert bounded(tag) == tag


@pytest.mark.parametrize(("markup", "fits"), [("<div>" * 200 + "أ", True), ("<div>" * 300 + "أ", False)])
def test_a_tree_that_libxml2_gave_up_is_noticed(markup: str, fits: bool) -> None:  # noqa: FBT001  # a table's column
    parser = html.HTMLParser()
    html.document_fromstring(markup, parser=parser)
    if fits:
        whole(parser)
        return
    with pytest.raises(Rejected) as caught:
        whole(parser)
    assert reason(caught) == "parse_limit"


@pytest.mark.parametrize(
    ("body", "declared", "name"),
    [
        (b"%PDF-1.7 ...", (), "not_text"),
        (b"\xff\xd8\xff\xe0 JFIF", (), "not_text"),
        (b"PK\x03\x04", (), "not_text"),
        (b"+ADw-p+AD4-", ("utf-7",), "charset"),
        ((TEXT.encode() + b"\xff" * 20), (), "charset"),
    ],
)
def test_what_is_no_text_is_rejected(body: bytes, declared: tuple[str, ...], name: str) -> None:
    with pytest.raises(Rejected) as caught:
        legible(decode(body, declared), body, declared)
    assert reason(caught) == name


def test_a_few_bad_bytes_pass_and_are_counted() -> None:
    body = TEXT.encode() + b"\xff"
    assert legible(decode(body, ()), body, ()) == Decoded(f"{TEXT}\ufffd", "utf-8", 1)
