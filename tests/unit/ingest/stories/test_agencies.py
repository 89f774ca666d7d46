import pytest

from ingest.stories.agencies import agencies_of


@pytest.mark.parametrize(
    ("credited", "body", "site", "named"),
    [
        (("واس",), "", "paper.example", ("واس",)),
        (("وكالة الأنباء السعودية", "«الجريدة»"), "", "paper.example", ("واس",)),
        (("أ.ف.ب", "رويترز"), "", "paper.example", ("أ ف ب", "رويترز")),
        (("فريق التحرير",), "الرياض - واس: أعلن الوزير", "paper.example", ("واس",)),
        ((), "الرياض ـ واس أعلن الوزير", "paper.example", ("واس",)),
        ((), "واس – الرياض أعلن الوزير", "paper.example", ("واس",)),
        ((), "لندن (رويترز) - قال وزير", "paper.example", ("رويترز",)),
        ((), "انتهى الاجتماع إلى هذا القرار. (واس)", "paper.example", ("واس",)),
        ((), "أعلن الوزير", "www.spa.gov.sa", ("واس",)),
        ((), "وبحسب واس أعلن الوزير", "paper.example", ()),
        ((), "قال بنا البيت وفا بوعده - وفا", "paper.example", ()),
        ((), "الصور من واس", "paper.example", ()),
        ((), "", "nospa.gov.sa.example", ()),
    ],
)
def test_an_agency_is_known_by_its_own_word(
    credited: tuple[str, ...], body: str, site: str, named: tuple[str, ...]
) -> None:
    assert agencies_of(credited, body, site) == named
