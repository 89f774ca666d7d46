"""What finds what, on the real server: words and their forms through the analyzers of the stems."""

from collections.abc import Iterator

import pytest
from elasticsearch import Elasticsearch

from workers.store.indices import ARTICLE_KIND

pytestmark = pytest.mark.stack

INDEX = "test-search-words"
FINDS = {
    "proclitics": "العراق وبالعراق وللعراق فالعراق، لبنان وللبنان، مدارس وبالمدارس، بريطانيا لبريطانيا، يعلن سيعلن",
    "words that begin like a proclitic": "وزير الوزير بوزير، وثيقة الوثائق، بلدية البلدية لبلدية، فندق الفنادق",
    "nisba": "لبنان اللبنانيين، طهران طهراني، السودان سودانية، فرنسا الفرنسي، قانون قانونية",
    "broken plurals": "جسر جسور، تاجر تجار، مدينة مدن، صاروخ الصواريخ، طفل أطفالهم، سعر الأسعار، قتيل قتلى، خطة خططه",
    "pronouns": "حكومة حكومتها، مدينة مدينتهم، قرار قرارنا",
    "verbs": "قال يقول، وصل يصل، أعلن تعلن، انتخب ينتخبون، استخدم يستخدم، قالت قالوا، دعا يدعو، أكد يؤكد، أعلن إعلان",
    "hamza": "مسؤول مسئول، شيء شئ، أحمد احمد، شؤون شئون",
    "numbers": "1000 ١٬٠٠٠، 1000 1,000، 2026 ٢٠٢٦، 20 الـ20",
    "social": "العراق #العراق_ينتفض، bbc الـBBC، كوفيد كوفيد_19، cnn cnn.com",
    "drawn out": "رائع رااااائع، جدا جداااا",
    "foreign names": "غوغل جوجل قوقل Google، نتنياهو نتانياهو، إنجلترا إنكلترا",
}
KEEPS_APART = """
لبنان لبن، لبن لبنان، عمان عم، دبي دب، السودان سود، قانون قان، وزارة زار، وحدة حد، برلين برل، قناة قنا، مكتب مكتبة،
كتاب كتابة، ألماني مان، شعبان شعب، بيان يان، كتاب تاب، جنة لجنة، فريق ريق، علي على، عربة عرب، شهر شهرة
"""


def groups(line: str) -> list[list[str]]:
    return [group.split() for group in line.replace("\n", " ").split("،") if group.strip()]


@pytest.fixture(scope="module")
def index(elasticsearch: Elasticsearch) -> Iterator[str]:
    elasticsearch.options(ignore_status=404).indices.delete(index=INDEX)
    settings = ARTICLE_KIND.settings()
    elasticsearch.indices.create(index=INDEX, settings=settings, mappings=ARTICLE_KIND.mapping)
    yield INDEX
    elasticsearch.indices.delete(index=INDEX)


def terms(client: Elasticsearch, analyzer: str, text: str) -> set[str]:
    return {token["token"] for token in client.indices.analyze(index=INDEX, analyzer=analyzer, text=text)["tokens"]}


def finds(client: Elasticsearch, query: str, form: str) -> bool:
    return bool(terms(client, "ar_news_search", query) & terms(client, "ar_news", form))


@pytest.mark.usefixtures("index")
@pytest.mark.parametrize("kind", FINDS)
def test_a_word_finds_its_forms(elasticsearch: Elasticsearch, kind: str) -> None:
    missed = [
        (query, form)
        for query, *forms in groups(FINDS[kind])
        for form in forms
        if not finds(elasticsearch, query, form)
    ]
    assert missed == []


@pytest.mark.usefixtures("index")
def test_words_that_only_look_alike_stay_apart(elasticsearch: Elasticsearch) -> None:
    assert [pair for pair in groups(KEEPS_APART) if finds(elasticsearch, pair[0], pair[1])] == []


@pytest.mark.usefixtures("index")
def test_a_name_of_two_words_is_found_in_one_and_the_other_way_round(elasticsearch: Elasticsearch) -> None:
    for number, name in enumerate(("عبد الله الثاني", "عبدالله الثاني")):
        elasticsearch.index(index=INDEX, id=str(number), document={"body": name}, refresh=True)
    for query in ("عبد الله", "عبدالله"):
        match = {"match": {"body": {"query": query, "operator": "and"}}}
        assert elasticsearch.count(index=INDEX, query=match)["count"] == 2
