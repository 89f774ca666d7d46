"""Charsets as servers get them wrong."""

import pytest

from ingest.charset import Decoded, declared_charsets, decode

TEXT = (
    "قالت وزارة الزراعة إن موسم الزيتون هذا العام أفضل من الموسم الماضي، وإن المعاصر ستفتح أبوابها "
    "في الأسبوع المقبل. وأضافت أن الأسعار ستبقى على حالها حتى نهاية الشهر."
)
PAGE = f'<html><head><title>الزيتون</title></head><body class="rtl">{"<div>" * 3000}<p>{TEXT}</p></body></html>'
ISO_TEXT = TEXT.replace("،", "\u060c")
PERSIAN = "رئيس جمهور گفت که اين برنامه پيشرفت خوبي داشته است و مردم چنين چيزي را ژرف مي\u200cدانند"

LABELLED = [
    ("utf-8", TEXT, "utf-8", ("utf-8",)),
    ("utf-8", TEXT, "utf-8", ("windows-1256",)),
    ("utf-8", TEXT, "utf-8", ("iso-8859-1",)),
    ("utf-8-sig", TEXT, "utf-8", ("windows-1256",)),
    ("utf-16", TEXT, "utf-16-le", ()),
    ("utf-16-le", TEXT, "utf-16-le", ("utf-8",)),
    ("utf-16-be", TEXT, "utf-16-be", ()),
    ("utf-16-le", PAGE, "utf-16-le", ()),
    ("utf-32", TEXT, "utf-32-le", ()),
    ("windows-1256", TEXT, "windows-1256", ("windows-1256",)),
    ("windows-1256", TEXT, "windows-1256", ("x-unknown", "cp1256")),
    ("windows-1256", TEXT, "windows-1256", ("utf-8",)),
    ("windows-1256", TEXT, "windows-1256", ("iso-8859-1",)),
    ("windows-1256", TEXT, "windows-1256", ("latin-1", "us-ascii")),
    ("windows-1256", TEXT, "windows-1256", ("iso-8859-6",)),
    ("windows-1256", TEXT, "windows-1256", ()),
    ("windows-1256", PAGE, "windows-1256", ()),
    ("windows-1256", PERSIAN, "windows-1256", ("iso-8859-6",)),
    ("windows-1256", "عاجل", "windows-1256", ("utf-8",)),
    ("windows-1256", "قصف غزة", "windows-1256", ()),
    ("windows-1256", "هاتف iPhone يصل", "windows-1256", ("iso-8859-1",)),
    ("iso-8859-6", ISO_TEXT, "iso-8859-6", ("iso-8859-6",)),
    ("iso-8859-6", ISO_TEXT, "iso-8859-6", ("windows-1256",)),
    *(
        (written, "مجلس المدينة يوافق على ميزانية المدارس", written, declared)
        for written in ("windows-1256", "iso-8859-6")
        for declared in ((), ("utf-8",), ("windows-1256",), ("iso-8859-6",), ("iso-8859-1",))
    ),
    ("windows-1252", "L'été dernier, l'élève français a été déçu", "windows-1252", ("iso-8859-1",)),
    ("windows-1252", "Die größte Übung für Mädchen", "windows-1252", ("windows-1252",)),
    ("windows-1251", "Президент России заявил сегодня, что новые меры готовы", "windows-1251", ("windows-1251",)),
    ("ascii", "plain", "utf-8", ("iso-8859-1",)),
]


@pytest.mark.parametrize(("written", "text", "charset", "declared"), LABELLED)
def test_text_comes_out_whatever_the_label(written: str, text: str, charset: str, declared: tuple[str, ...]) -> None:
    assert decode(text.encode(written), declared) == Decoded(text, charset, 0)


def test_bad_bytes_in_proven_utf8_are_counted() -> None:
    body = TEXT.encode() + b"\xff " + "الخاتمة".encode("windows-1256")
    decoded = decode(body, ("windows-1256",))
    assert (decoded.charset, decoded.replaced) == ("utf-8", 8)
    assert decoded.text.startswith(TEXT)


def test_a_genuine_replacement_character_is_not_counted() -> None:
    assert decode(f"{TEXT}\ufffd".encode(), ()).replaced == 0
    assert decode(f"{TEXT}\ufffd".encode() + b"\xff", ()).replaced == 1


def test_a_short_cut_utf8_text_stays_utf8() -> None:
    assert decode("خبر عاجل".encode()[:-1], ("windows-1256",)) == Decoded("خبر عاج\ufffd", "utf-8", 1)


@pytest.mark.parametrize("label", ["punycode", "hex", "unicode_escape", "idna", "utf-7", "x", "\0", ""])
def test_a_declaration_that_names_no_charset_is_ignored(label: str) -> None:
    assert decode(TEXT.encode("windows-1256"), (label,)).charset == "windows-1256"


@pytest.mark.parametrize("body", [b"", b"\xff", b"\xff\xfe", b"\x00", bytes(range(256)), b"\x81" * 300])
def test_any_bytes_become_text(body: bytes) -> None:
    assert isinstance(decode(body, ("utf-8", "windows-1256")).text, str)


def test_declarations_in_order_of_trust_and_once() -> None:
    body = b"""<?xml version="1.0" encoding='UTF-8'?><html><head>
        <meta http-equiv="Content-Type" content="text/html; charset=windows-1256">
        <META CHARSET=iso-8859-6 >"""
    assert declared_charsets('text/html; charset="Windows-1256"', body) == ("windows-1256", "utf-8", "iso-8859-6")


def test_only_the_head_of_a_page_declares() -> None:
    assert declared_charsets("text/html", b" " * 4096 + b'<meta charset="utf-8">') == ()


@pytest.mark.parametrize(
    ("written", "read"), [("\ud83d\ude00", "\U0001f600"), ("\ud83d", "\ufffd" * 3), ("\ude00\ud83d", "\ufffd" * 6)]
)
def test_halves_of_characters_do_not_make_another_charset_of_utf_8(written: str, read: str) -> None:
    body = f"{written}خبر{written}".encode("utf-8", "surrogatepass")
    assert decode(body, ()).text == f"{read}خبر{read}"
