"""What a host repeats: the same cases on fakeredis and on the real server."""

import pytest
from redis import Redis

from ingest.extract.repeated import line_hashes
from tests.contract.servers import REDIS, redis_of
from workers.frontier.bounds import Budget
from workers.store.repeated_lines import ARTICLES, BYTES, ENOUGH, EVERY, ID, LINES, RepeatedLines

HOST = "akhbar.example"
OWN = "انضموا إلى نشرة الصحيفة"


class Host(RepeatedLines):
    """A memory of which one host's articles are asked."""

    def __init__(self, server: Redis, most_bytes: int = BYTES) -> None:
        super().__init__(server, Budget(server, "lines", most_bytes).charge)
        self.server = server

    def add(self, article_id: str, lines: set[int], host: str = HOST) -> None:
        pipe = self.server.pipeline()
        self.remember(host, article_id, lines, pipe)
        self.look(host, pipe.execute()[0])


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


def test_an_article_has_so_many_lines_and_repeated_ones_are_the_same_of_all(memory: Host) -> None:
    repeated = set(range(1000))
    for number in range(ENOUGH):
        memory.add(f"{number:032x}", repeated | {10_000 + 1000 * number + line for line in range(1000)})
    assert len(memory.server.lindex(f"warraq:lines:{HOST}", 0) or b"") == ID + 8 * LINES
    assert memory.seen(HOST) == frozenset(range(LINES))


def test_hosts_without_number_have_so_many_bytes(memory: Host) -> None:
    bounded = Host(memory.server, 100_000)
    for number in range(20):
        for article in range(ENOUGH):
            bounded.add(f"{article:032x}", set(range(LINES)), f"h{number}.example")
    kept = set(memory.server.scan_iter("warraq:*:h*"))
    assert {b"warraq:lines:h18.example", b"warraq:lines:h19.example"} < kept
    assert len(kept) < 12, "lines and repeated ones of the last few hosts"
