"""What a host repeats: the same cases on fakeredis and on the real server."""

import pytest
from redis import Redis

from ingest.extract.repeated import line_hashes
from tests.contract.servers import REDIS, redis_of
from workers.store.repeated_lines import ARTICLES, ENOUGH, EVERY, RepeatedLines

HOST = "akhbar.example"
OWN = "انضموا إلى نشرة الصحيفة"


class Host(RepeatedLines):
    """A memory of which one host's articles are asked."""

    def __init__(self, server: Redis) -> None:
        super().__init__(server)
        self.server = server

    def add(self, article_id: str, lines: set[int]) -> None:
        pipe = self.server.pipeline()
        self.remember(HOST, article_id, lines, pipe)
        self.look(HOST, pipe.execute()[0])


@pytest.fixture(params=REDIS)
def memory(request: pytest.FixtureRequest) -> Host:
    return Host(redis_of(request))


def hashes(text: str) -> set[int]:
    return set(line_hashes(text).values())


def read(memory: Host, number: int, *lines: str) -> None:
    memory.add(f"{number:032x}", hashes("\n".join((f"خبر رقم {number}", *lines))))


def test_a_line_of_many_articles_is_repeated(memory: Host) -> None:
    for number in range(ENOUGH - 1):
        read(memory, number, OWN)
    assert memory.seen(HOST) == frozenset()
    read(memory, ENOUGH, OWN)
    assert memory.seen(HOST) == hashes(OWN)
    assert memory.seen("other.example") == frozenset()


def test_a_line_of_few_articles_is_not(memory: Host) -> None:
    for number in range(ARTICLES):
        read(memory, number, *([OWN] if number % 5 == 0 else []))
    assert memory.seen(HOST) == frozenset()


def test_the_same_article_counts_once(memory: Host) -> None:
    for _ in range(2 * ENOUGH):
        read(memory, 1, OWN)
    assert memory.seen(HOST) == frozenset()


def test_what_is_left_out_stays_known(memory: Host) -> None:
    for number in range(ENOUGH):
        read(memory, number, OWN)
    for number in range(ENOUGH, ENOUGH + 2 * ARTICLES):  # without the line, which is left out now
        read(memory, number)
    assert memory.seen(HOST) == hashes(OWN)


def test_spelling_does_not_matter() -> None:
    assert hashes("إعلان اليوم") == hashes("اعلان  اليوم")


def test_a_host_has_so_many_articles_and_a_few_until_the_next_look(memory: Host) -> None:
    for number in range(2 * ARTICLES + EVERY - 1):
        read(memory, number)
    assert memory.server.llen(f"warraq:lines:{HOST}") == ARTICLES + EVERY - 1
    read(memory, 2 * ARTICLES + EVERY)
    assert memory.server.llen(f"warraq:lines:{HOST}") == ARTICLES
