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
        (("وكالة أنباء الإمارات",), "", "paper.example", ("وام",)),
        ((), "باريس - أ.ف.ب: قال الرئيس", "paper.example", ("أ ف ب",)),
        ((), "برلين (د.ب.أ)- أعلن الوزير", "paper.example", ("د ب أ",)),
        ((), "القاهرة – أ.ش.أ قال الوزير", "paper.example", ("أ ش أ",)),
        ((), "الرياض - و.ا.س: قال الوزير", "paper.example", ("واس",)),
        ((), "«واس» - الرياض: قال الوزير", "paper.example", ("واس",)),
        ((), "الرياض، واس: قال الوزير", "paper.example", ("واس",)),
        ((), "الرياض | واس قال الوزير", "paper.example", ("واس",)),
        ((), "الكويت - كونا: قال الوزير", "paper.example", ("كونا",)),
        ((), "عمان - بترا - قال الوزير", "paper.example", ("بترا",)),
        ((), "دمشق-سانا قال الوزير", "paper.example", ("سانا",)),
        ((), "أبوظبي - وام / قال الوزير", "paper.example", ("وام",)),
        ((), "أبوظبي (وام) قال الوزير", "paper.example", ("وام",)),
        ((), "رام الله - وفا: قال الوزير", "paper.example", ("وفا",)),
        ((), "نيويورك - (أ ب): قال الوزير", "paper.example", ("أ ب",)),
        ((), "انتهى الاجتماع إلى هذا القرار (أ.ف.ب)", "paper.example", ()),
        ((), "انتهى الاجتماع إلى هذا القرار. (أ.ف.ب)", "paper.example", ("أ ف ب",)),
        ((), "ناشطة سياسية - وأم لطفلين", "paper.example", ()),
        ((), "حضر الوزير، واس نقلت", "paper.example", ()),
        ((), "قنا - محمد علي: شهدت المحافظة", "paper.example", ()),
        ((), "أ.د. محمد علي - جامعة القاهرة", "paper.example", ()),
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
