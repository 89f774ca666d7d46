"""The plain script: requests, trafilatura, helpers.bulk, one process a core. What one would write in an afternoon.

No ledger, no queue, no politeness, no text repair; the same pages, the same server, the same node and mapping.
"""

import multiprocessing
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import feedparser
import requests
import trafilatura
from elasticsearch import Elasticsearch, helpers

from benchmarks.pipeline.newsroom import Newsroom
from benchmarks.pipeline.rig import Rig
from benchmarks.pipeline.usage import busy_s, cpu_s
from ingest.document import ARTICLES
from ingest.urls import article_id, canonical

INDEX: Final = f"{ARTICLES}plain"
"""Of the template that the pipeline's own indices come from: the same analyzers."""


@dataclass(frozen=True, slots=True)
class Plain:
    """What the plain script needed; CPU in seconds."""

    articles: int
    wall_s: float
    script_s: float
    elasticsearch_s: float
    others_s: float

    @property
    def per_s(self) -> float:
        """Articles a second."""
        return self.articles / self.wall_s

    def cpu_ms(self) -> dict[str, float]:
        """Return the CPU milliseconds an article of the script and of Elasticsearch."""
        return {name: used * 1000 / self.articles for name, used in self._cpu().items()}

    def _cpu(self) -> dict[str, float]:
        return {"script": self.script_s, "elasticsearch": self.elasticsearch_s}


def run(rig: Rig, newsroom: Newsroom, feeds: Sequence[str]) -> Plain:
    """Bring every article that some feeds list into an index of its own."""
    groups = {"elasticsearch": rig.pids()["elasticsearch"], "newsroom": newsroom.pid}
    cores = os.cpu_count() or 1
    _make(rig.client)
    password = rig.home / "secrets" / "elasticsearch" / "elastic_password"
    work = [
        (feeds[core::cores], f"http://127.0.0.1:{rig.stack.elasticsearch_port}", password.read_text().strip())
        for core in range(cores)
    ]
    with multiprocessing.get_context("spawn").Pool(cores) as pool:
        pool.map(_ready, range(cores * 4), chunksize=1)
        cpu, busy, start = cpu_s(groups), busy_s(), time.monotonic()
        done = pool.starmap(bring, work, chunksize=1)
        rig.client.indices.refresh(index=INDEX)
        wall, busy = time.monotonic() - start, busy_s() - busy
    used = {name: seconds - cpu[name] for name, seconds in cpu_s(groups).items()}
    script = sum(seconds for _, seconds in done)
    others = busy - script - sum(used.values())
    rig.client.indices.delete(index=INDEX)
    return Plain(sum(count for count, _ in done), wall, script, used["elasticsearch"], others)


def bring(feeds: Sequence[str], url: str, password: str) -> tuple[int, float]:
    """Do one core's share; return the number of articles and the CPU seconds it took."""
    start = time.process_time()
    with Elasticsearch(url, basic_auth=("elastic", password)) as client, requests.Session() as session:
        count, _ = helpers.bulk(client, _documents(session, feeds), chunk_size=200)
    return count, time.process_time() - start


def _documents(session: requests.Session, feeds: Sequence[str]) -> Iterator[dict[str, Any]]:
    for feed in feeds:
        for entry in feedparser.parse(_get(session, feed)).entries:
            found = trafilatura.bare_extraction(_get(session, entry.link), url=entry.link, with_metadata=True)
            told: Any = found.as_dict() if found is not None and hasattr(found, "as_dict") else {}
            key = article_id(canonical(entry.link))
            yield {
                "_index": INDEX,
                "_id": key,
                "_source": {"id": key, "url": entry.link, "title": told.get("title") or "", "body": told["text"]},
            }


def _get(session: requests.Session, url: str) -> bytes:
    """Fetch a page: from the address itself, because not every resolver knows names below .localhost."""
    parts = urlsplit(url)
    plain = parts._replace(netloc=f"127.0.0.1:{parts.port}").geturl()
    answer = session.get(plain, headers={"Host": parts.netloc}, timeout=30)
    answer.raise_for_status()
    return bytes(answer.content)


def _ready(_: int) -> None:
    """Be imported: the start of Python is no part of the work."""
    trafilatura.bare_extraction(f"<html><body><article><p>{'نص ' * 100}</p></article></body></html>")


def _make(client: Elasticsearch) -> None:
    client.options(ignore_status=404).indices.delete(index=INDEX)
    client.indices.create(index=INDEX)
    client.indices.update_aliases(actions=[{"remove": {"index": INDEX, "alias": "news"}}])
