"""How the lexicon decides, on invented counts; what it finds in real ones is in tests/stack/test_search_words.py."""

import pytest

from deploy.elasticsearch.lexicon.__main__ import grouped
from deploy.elasticsearch.lexicon.curated import Curated, load
from deploy.elasticsearch.lexicon.families import Families, rules
from deploy.elasticsearch.lexicon.light import light
from deploy.elasticsearch.lexicon.masdars import masdar
from deploy.elasticsearch.lexicon.plurals import singular
from deploy.elasticsearch.lexicon.proclitics import bare
from deploy.elasticsearch.lexicon.suffixes import distinct, shorter
from deploy.elasticsearch.lexicon.verbs import perfect
from deploy.elasticsearch.lexicon.words import Words
from ingest.arabic.fold import arabic_normalization

COUNTS = """
وزير 500 الوزير 400 بوزير 10 لوزير 12 ووزير 20 زير 9 وزراء 200 الوزراء 300 الوزارة 200 وزارة 300
لبنان 900 لبنين 1 لبن 60 اللبن 30 لبناني 200 اللبناني 300 بلبنان 40 للبنان 60 مسلم 300 المسلم 200 مسلمون 90 مسلمين 200
عراق 20 العراق 900 وبالعراق 3 مدينة 400 المدينة 400 مدينته 30 مدينتها 30
قال 900 قالت 400 يقول 500 تقول 300 قول 90 القول 80 سيقول 20 انتخب 50 انتخبت 20 ينتخب 30 تنتخب 10 انتخاب 90 الانتخاب 40
مسؤول 100 مسئول 20 المسؤول 90 سعر 200 السعر 100 أسعار 300 الأسعار 200 إعلان 200 الإعلان 150 علن 9 العلن 5
مكتب 300 المكتب 200 مكتبة 100 المكتبة 90 مكتبته 4 كبير 300 الكبير 200 كبيرة 300 الكبيرة 200
""".split()  # noqa: SIM905 (a table of words and counts)


@pytest.fixture(scope="module")
def words() -> Words:
    counts = dict(zip(COUNTS[::2], map(float, COUNTS[1::2]), strict=True))
    frequency = {arabic_normalization(word): count / 1e6 for word, count in counts.items()}
    return Words(frequency, {arabic_normalization(word): word for word in counts})


@pytest.mark.parametrize(
    ("word", "rest"),
    [
        ("وزير", "وزير"),
        ("الوزير", "وزير"),
        ("بوزير", "وزير"),
        ("ووزير", "وزير"),
        ("وبالعراق", "عراق"),
        ("للبنان", "لبنان"),
        ("لبنان", "لبنان"),
        ("سيقول", "يقول"),
        ("الاعلان", "اعلان"),
        ("unknown", "unknown"),
    ],
)
def test_proclitics(words: Words, word: str, rest: str) -> None:
    assert bare(words, word) == rest


@pytest.mark.parametrize(
    ("word", "parent"),
    [
        ("لبنان", ""),  # no dual: the other case, لبنين, is not written
        ("لبناني", "لبنان"),
        ("مسلمون", "مسلم"),
        ("مسلمين", "مسلم"),
        ("مدينته", "مدينه"),
        ("كبيره", "كبير"),
        ("مكتبه", ""),
        ("قالت", "قال"),
    ],
)
def test_suffixes(words: Words, word: str, parent: str) -> None:
    assert shorter(words, word) == parent


def test_two_things_are_told_from_one_adjective_by_the_pronoun(words: Words) -> None:
    assert distinct(words, "مكتب")
    assert not distinct(words, "كبير")


@pytest.mark.parametrize(("word", "parent"), [("يقول", "قال"), ("تقول", "قال"), ("ينتخب", "انتخب"), ("لبنان", "")])
def test_verbs(words: Words, word: str, parent: str) -> None:
    assert perfect(words, word) == parent


def test_a_verb_has_its_noun_of_action(words: Words) -> None:
    assert masdar(words, "انتخب") == "انتخاب"
    assert masdar(words, "لبنان") == ""


@pytest.mark.parametrize(("word", "one"), [("وزراء", "وزير"), ("اسعار", "سعر"), ("اعلان", ""), ("لبنان", "")])
def test_plurals(words: Words, word: str, one: str) -> None:
    assert singular(words, word) == one


def test_a_family_has_one_label_and_only_exceptions_are_rules(words: Words) -> None:
    families = Families(words, Curated())
    family = ("وزير", "الوزير", "بوزير", "ووزير", "وزراء", "الوزراء")
    assert {families.label(word) for word in family} == {"وزير"}
    assert families.label("مسئول") == families.label("مسؤول") == "مسؤول"
    made = dict(rules(families, {word: light(word) for word in words.frequency}))
    assert made["وزراء"] == "وزير"
    assert "الوزير" not in made  # the server's stemmer is right
    assert made["لبنان"] == "لبنان"
    assert "لبناني" not in made


def test_what_a_person_knows_goes_first(words: Words) -> None:
    families = Families(words, Curated(parents={"وزراء": "حكومه"}, whole={"بوزير": "بوزير"}))
    assert families.label("وزراء") == "حكومه"  # not in the counts: nothing is known of its ending
    assert families.label("بوزير") == "بوزير"


def test_the_lists_are_normalized_and_name_no_word_twice() -> None:
    curated = load()
    assert curated.parents["شؤون"] == "شان"
    assert curated.whole["الله"] == "الله"
    assert not set(curated.parents) & set(curated.whole)


def test_words_of_a_label_share_a_line() -> None:
    assert grouped([("ب", "ا"), ("ج", "د"), ("ت", "ا")]) == ["ب,ت=>ا", "ج=>د"]


@pytest.mark.parametrize(
    ("word", "stem"), [("والعراقية", "عراق"), ("وزير", "زير"), ("لبنان", "لبن"), ("الله", "له"), ("في", "في")]
)
def test_light_is_the_servers_stemmer(word: str, stem: str) -> None:
    assert light(arabic_normalization(word)) == stem
