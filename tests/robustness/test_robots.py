"""A robots.txt that is written to cost time."""

from time import process_time

from ingest.policy.robots import MAX_RULES, RobotsRules, ours


def test_a_huge_file_costs_little() -> None:
    body = b"User-agent: *\n" + b"".join(b"Disallow: /a*%d*b$\n" % number for number in range(30_000))
    started = process_time()
    rules = RobotsRules(ours(body))
    assert not rules.allow("http://h/a1b")
    assert rules.text.count("\n") == MAX_RULES
    assert process_time() - started < 5
    assert RobotsRules(ours(b"User-agent: *\nDisallow: /" + b"*a" * 30)).allow("http://h/" + "a" * 2000 + "b") is False
