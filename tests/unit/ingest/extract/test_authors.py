"""Bylines as sites write them, and the names in them."""

import pytest

from ingest.extract.authors import Byline, byline


@pytest.mark.parametrize(
    ("written", "people"),
    [
        ("بقلم سارة محمود", ("سارة محمود",)),
        ("بقلم: د. أحمد علي", ("د. أحمد علي",)),
        ("كتب محمد حسن", ("محمد حسن",)),
        ("كتبت سارة محمود", ("سارة محمود",)),
        ("كتب - صادق حسن:", ("صادق حسن",)),
        ("إعداد: منى خالد، تحرير: أحمد علي", ("منى خالد", "أحمد علي")),
        ("ترجمة: هبة علي", ("هبة علي",)),
        ("سارة محمود ومنى خالد", ("سارة محمود", "منى خالد")),
        ("سارة محمود و منى خالد", ("سارة محمود", "منى خالد")),
        ("كتبت سارة محمود ومنى خالد ووليد فؤاد", ("سارة محمود", "منى خالد", "وليد فؤاد")),
        ("أحمد وليد", ("أحمد وليد",)),
        ("نجيب وائل ووسام نجيب", ("نجيب وائل", "وسام نجيب")),
        ("لندن: رنا خليل", ("رنا خليل",)),
        ("القاهرة - محمد حسن", ("محمد حسن",)),
        ("محمد حسن - القاهرة", ("محمد حسن",)),
        ("محمد حسن (صنعاء)، علي سالم (عدن)", ("محمد حسن", "علي سالم")),
        ("سارة محمود – مراسلة الشؤون الاقتصادية", ("سارة محمود",)),
        ("سارة محمود مراسلة الشؤون الاقتصادية", ("سارة محمود",)),
        ("أحمد الكاتب", ("أحمد الكاتب",)),
        ("By Sara Mahmoud and Ali Hassan", ("Sara Mahmoud", "Ali Hassan")),
        ("Written by Sara Mahmoud, PhD", ("Sara Mahmoud",)),
        ("Sara Mahmoud | Staff writer", ("Sara Mahmoud",)),
        ("sara@akhbar.example", ()),
        ("https://social.example/sara", ()),
        ("admin", ()),
        ("", ()),
    ],
)
def test_people(written: str, people: tuple[str, ...]) -> None:
    assert byline([written]).people == people


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("رويترز", Byline((), ("رويترز",))),
        ("أ ف ب", Byline((), ("أ ف ب",))),
        ("أ. ف. ب.", Byline((), ("أ. ف. ب.",))),
        ("(د ب أ)", Byline((), ("د ب أ",))),
        ("الرياض - واس", Byline((), ("واس",))),
        ("القاهرة: «الأخبار»", Byline((), ("الأخبار",))),
        ("وكالات", Byline((), ("وكالات",))),
        ("فريق التحرير", Byline((), ("فريق التحرير",))),
        ("الأخبار نت", Byline((), ("الأخبار نت",))),
        ("محمد حسن، رويترز", Byline(("محمد حسن",), ("رويترز",))),
        ("محمد حسن - الأخبار - بيروت", Byline(("محمد حسن",), ())),
        ("عمّان - محمد حسن ووكالات", Byline(("محمد حسن",), ("وكالات",))),
        ("Reuters", Byline((), ("Reuters",))),
    ],
)
def test_agencies_and_desks_are_no_people(written: str, found: Byline) -> None:
    assert byline([written]) == found


def test_the_site_itself_is_no_person() -> None:
    assert byline(["أخبار الصباح"], site="أخبار الصباح") == Byline((), ("أخبار الصباح",))


def test_each_name_is_told_once() -> None:
    assert byline(["سارة محمود", "بقلم سارة محمود"]).people == ("سارة محمود",)


def test_what_is_shown_may_be_a_sentence() -> None:
    assert not byline(["by using this site you agree"], shown=True)
    assert byline(["sara mahmoud"]).people == ("sara mahmoud",)
    assert not byline(["كلمة " * 12], shown=True)
