from ingest.stories.shingles import ALL_SAMPLED, SAMPLED, packed, sample, shingles, unpacked, words
from tests.unit.ingest.stories.texts import prose


def test_spelling_makes_no_difference() -> None:
    assert words("أُولى المدرسـة ١٢، «آمال»") == words("اولي المدرسه 12 امال")


def test_a_text_of_less_than_five_words_has_no_shingles() -> None:
    assert shingles("نص من أربع كلمات") == frozenset()
    assert len(shingles("نص من خمس كلمات فقط")) == 1


def test_shingles_are_packed_and_unpacked() -> None:
    found = shingles(" ".join(prose(1)))
    assert unpacked(packed(sorted(found))) == found
    assert unpacked(packed([])) == frozenset()


def test_a_sample_is_a_share_of_a_long_text_and_all_of_a_short_one() -> None:
    long, short = shingles(" ".join(prose(1, 4000))), shingles(" ".join(prose(2, ALL_SAMPLED)))
    assert 0.8 < len(sample(sorted(long))) * SAMPLED / len(long) < 1.2
    assert len(sample(sorted(short))) == len(short)


def test_what_two_texts_share_both_sample() -> None:
    whole = prose(3, 400)
    one, other = (set(sample(sorted(shingles(" ".join(part))))) for part in (whole, whole[200:]))
    assert len(other - one) == 0
