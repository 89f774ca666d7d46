"""Does Elasticsearch hold what the newsroom expects? Asked with the reader key, as a user would."""

import time
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Self

from elasticsearch import Elasticsearch

from deploy.demo.content import Expected, Search
from ingest.document import ALIAS, LEDGER
from ingest.query import query
from ingest.urls import article_id, canonical

INDEXED: Final = "indexed"
GROUPED_S: Final = 30
"""Within how many seconds articles are compared, on a busy machine."""


class Proof:
    """Compares documents and ledger records with what is expected; each difference is a sentence."""

    def __init__(self, url: str, reader_key: str) -> None:
        self._client = Elasticsearch(url, api_key=reader_key)

    @classmethod
    def of_stack(cls, env: Mapping[str, str]) -> Self:
        """Ask the local stack, whose settings these are."""
        key = Path(env["WARRAQ_SECRETS_DIR"], "people", "reader_key").read_text("utf-8").strip()
        return cls(env["WARRAQ_ELASTICSEARCH_URL"], key)

    def compare(self, expected: Iterable[Expected]) -> list[str]:
        """Return what is wrong with the expected articles."""
        return [problem for one in expected for problem in self._compare(one)]

    def text_files(self, folder: Path) -> list[str]:
        """Return what is wrong with the text files' documents: line 1 title, line 2 caption, the rest body."""
        problems = []
        for file in sorted(folder.glob("*.txt")):
            title, caption, body = file.read_text(encoding="utf-8").strip().split("\n", 2)
            found = self._document(article_id(canonical(file.resolve().as_uri())))
            wanted = {"title": title.strip(), "caption": caption.strip(), "body": body.strip()}
            problems += [f"{file.name}: its {name} differs" for name, text in wanted.items() if found.get(name) != text]
        return problems

    def search(self, search: Search) -> list[str]:
        """Return what a search should have found and did not."""
        hits = self._client.search(index=ALIAS, query=query(search.query), size=50)["hits"]["hits"]
        found = {hit["_source"]["url"] for hit in hits}
        return [f"{search.query!r} does not find {url}" for url in search.finds if url not in found]

    def story(self, search: Search) -> list[str]:
        """Return what is wrong with the story that a search's articles should be; they are compared seconds later."""
        found: list[Any] = []
        for _ in range(GROUPED_S):
            documents = [self._document(article_id(canonical(url))) for url in search.finds]
            found = [(document.get("story"), document.get("story_role")) for document in documents]
            if len({story for story, _ in found}) == 1 and found[0][1] == "first":
                return []
            time.sleep(1)
        return [f"{search.query!r} is not one story: {found}"]

    def documents(self) -> int:
        """Return how many documents there are."""
        return int(self._client.count(index=ALIAS)["count"])

    def _compare(self, one: Expected) -> list[str]:
        key = article_id(canonical(one.url))
        record = self._record(key)
        ended = (record.get("state"), record.get("reason"))
        if ended != (one.state, one.reason):
            return [f"{one.url} is {ended}, not {(one.state, one.reason)}: {record.get('detail', '')}"]
        return self._differences(one, self._document(key)) if one.state == INDEXED else []

    def _differences(self, one: Expected, found: Mapping[str, Any]) -> list[str]:
        if not found:
            return [f"{one.url} has no document"]
        text = f"{found.get('title', '')}\n{found.get('caption', '')}\n{found.get('body', '')}"
        wrong = [f"title {found['title']!r}, not {one.title!r}"] if found["title"] != one.title else []
        wrong += [f"no sentence {sentence!r}" for sentence in one.must if sentence not in text]
        wrong += [f"clutter {clutter!r}" for clutter in one.must_not if clutter in text]
        if one.opening and not found.get("body", "").startswith(one.opening):
            wrong.append(f"begins {found.get('body', '')[:60]!r}, not {one.opening!r}")
        if not _same_time(one, found.get("published_at", "")):
            wrong.append(f"published {found.get('published_at')}, not {one.published_at}")
        return [f"{one.url}: {problem}" for problem in wrong]

    def _record(self, key: str) -> dict[str, Any]:
        answer = self._client.options(ignore_status=404).get(index=LEDGER, id=key)
        return dict(answer.get("_source", {}))

    def _document(self, key: str) -> dict[str, Any]:
        hits = self._client.search(index=ALIAS, query={"ids": {"values": [key]}})["hits"]["hits"]
        return dict(hits[0]["_source"]) if hits else {}


def _same_time(one: Expected, found: str) -> bool:
    wanted = one.published_at
    if wanted is None or not found:
        return wanted is None
    at = datetime.fromisoformat(found)
    return at.date() == wanted.date() if one.date_only else at == wanted
