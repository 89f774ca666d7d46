"""What a host repeats: the same cases on fakeredis and on the real server."""

import pytest
from fakeredis import FakeRedis
from redis import Redis

from ingest.extract.body import line_hashes
from workers.memory import ARTICLES, ENOUGH, Memory

HOST = "akhbar.example"
OWN = "انضموا إلى نشرة الصحيفة"


@pytest.fixture(params=["fake", pytest.param("real", marks=pytest.mark.stack)])
def memory(request: pytest.FixtureRequest) -> Memory:
    server: Redis = FakeRedis() if request.param == "fake" else request.getfixturevalue("redis")
    return Memory(server)


def hashes(text: str) -> set[int]:
    return set(line_hashes(text).values())


def read(memory: Memory, number: int, *lines: str) -> None:
    memory.remember(HOST, f"{number:032x}", hashes("\n".join((f"خبر رقم {number}", *lines))))


def test_a_line_of_many_articles_is_repeated(memory: Memory) -> None:
    for number in range(ENOUGH - 1):
        read(memory, number, OWN)
    assert memory.seen(HOST) == frozenset()
    read(memory, ENOUGH, OWN)
    assert memory.seen(HOST) == hashes(OWN)
    assert memory.seen("other.example") == frozenset()


def test_a_line_of_few_articles_is_not(memory: Memory) -> None:
    for number in range(ARTICLES):
        read(memory, number, *([OWN] if number % 5 == 0 else []))
    assert memory.seen(HOST) == frozenset()


def test_the_same_article_counts_once(memory: Memory) -> None:
    for _ in range(2 * ENOUGH):
        read(memory, 1, OWN)
    assert memory.seen(HOST) == frozenset()


def test_what_is_left_out_stays_known(memory: Memory) -> None:
    for number in range(ENOUGH):
        read(memory, number, OWN)
    for number in range(ENOUGH, ENOUGH + 2 * ARTICLES):  # without the line, which is left out now
        read(memory, number)
    assert memory.seen(HOST) == hashes(OWN)


def test_spelling_does_not_matter() -> None:
    assert hashes("إعلان اليوم") == hashes("اعلان  اليوم")
