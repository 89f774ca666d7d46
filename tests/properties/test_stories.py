"""The same articles make the same stories, in whatever order they come."""

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.stories.fingerprint import Fingerprint
from ingest.stories.story import Grouping, grouped
from tests.unit.ingest.stories.test_story import linked
from tests.unit.ingest.stories.texts import prose, told


def corpus(seed: int) -> list[Fingerprint]:
    """Return articles of a few stories: copies, shortened, edited and joined ones, some at the same minute."""
    rnd = random.Random(seed)
    texts = [prose(seed * 10 + n, rnd.randint(20, 160)) for n in range(4)]
    made = []
    for n in range(14):
        text = list(rnd.choice(texts))
        if rnd.random() < 0.3:
            text = text[: max(18, int(len(text) * rnd.uniform(0.4, 1)))]
        if rnd.random() < 0.3:
            text[rnd.randrange(len(text))] = "غيره"
        if rnd.random() < 0.2:
            text += rnd.choice(texts)
        agencies = ("واس",) if rnd.random() < 0.2 else ()
        key = f"{rnd.randrange(16**8):08x}"
        made.append(told(key, " ".join(text), rnd.randrange(6), publisher=f"p{n % 5}", agencies=agencies))
    return made


def clusters(articles: list[Fingerprint]) -> tuple[object, ...]:
    found: Grouping = grouped(linked(articles))
    return sorted(found.memberships.items()), sorted(found.agencies.items()), found.stories


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_the_order_of_arrival_changes_nothing(seed: int) -> None:
    articles, rnd = corpus(seed), random.Random(seed)
    first = clusters(articles)
    for _ in range(20):
        rnd.shuffle(articles)
        assert clusters(articles) == first


def test_the_corpus_has_stories_of_several_articles() -> None:
    found = grouped(linked(corpus(1)))
    assert len(found.stories) > 1
    assert {one.story_role for one in found.memberships.values()} >= {"first", "copy", "version"}
    changed = [replace(one, at=one.at.replace(hour=1)) if n == 3 else one for n, one in enumerate(corpus(1))]
    assert clusters(changed) != clusters(corpus(1))  # what is compared does depend on the articles
