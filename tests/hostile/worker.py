"""A worker in a process of its own: fetches and processes what it is told, a line of JSON in, a line of JSON out.

    {"url": ..., "kind": "fetch" | "feed" | "sitemap" | "article", "pinned": [...], "headers": {...}, "ca_file": ...,
     "limits": {...}}

It uses the same functions as the tasks, with short deadlines and the real size caps. A line that comes back shows that
it lives; its peak memory is part of each.
"""

import io
import json
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog
from fakeredis import FakeRedis
from structlog.testing import capture_logs

from ingest.discover import discover
from ingest.errors import WarraqError
from ingest.files.warc import entries
from ingest.model import Entry, Page, Source
from ingest.pipeline import process
from ingest.policy.rights import may_keep_page
from ingest.polling import rounds
from ingest.polling.listing import Further
from ingest.polling.poll import Poll
from ingest.urls import article_id, canonical
from workers.runtime import site_files
from workers.web.handle import Egress, Limits
from workers.web.http import Http
from workers.web.robots import Robots

KINDS = {"full": "feed"}
LOOPBACK = ("127.0.0.0/8", "::1/128")
LIMITS = Limits(connect_s=1, total_s=3, slow_for_s=1)


def report(job: Mapping[str, Any], web: Http) -> dict[str, Any]:
    """Return what became of a job."""
    started, busy = time.monotonic(), time.process_time()
    with capture_logs() as logs:
        told = _outcome(job, web)
    return {
        **told,
        "warnings": [entry["event"] for entry in logs],
        "seconds": time.monotonic() - started,
        "cpu_s": time.process_time() - busy,
        "peak_mb": _peak_mb(),
    }


def _peak_mb() -> int:
    # Not ru_maxrss: a child starts with the peak of the process that started it, here pytest's own.
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) // 1024


def _outcome(job: Mapping[str, Any], web: Http) -> dict[str, Any]:
    try:
        if job["kind"] == "robots":
            redis = FakeRedis()
            rules = Robots(redis, site_files(redis)).learn(job["url"], lambda _: web.get(job["url"]))
            return {"outcome": "accepted", "allowed": rules.allow(job["url"])}
        page = web.get(job["url"], job.get("headers", {}))
        return {"outcome": "accepted", **_made_of(job, page)}
    except WarraqError as error:
        pause = getattr(error, "retry_after_s", 0)
        kind = type(error).__name__.lower()
        return {"outcome": f"{kind} {error.reason}", "detail": error.detail, "retry_after_s": pause}
    except Exception as error:  # noqa: BLE001  # a crash is an outcome, and never the expected one
        return {"outcome": f"crash {error!r}"[:500]}


def _made_of(job: Mapping[str, Any], page: Page) -> dict[str, Any]:
    kind = job["kind"]
    source = Source("s", KINDS.get(kind, kind), job["url"], timezone="Asia/Riyadh", full_text=kind == "full")
    found: dict[str, Any] = {"status": page.status, "bytes": len(page.body), "final": page.url}
    if kind == "warc":
        read = entries(io.BytesIO(page.body), datetime.now(UTC))
        found["truncated"] = [one.page.truncated for one in read if isinstance(one, Entry) and one.page]
    if kind == "keep":
        found["kept"] = may_keep_page(source, page)
    if kind in {"feed", "sitemap", "full"}:
        listing = discover(source, page)
        further, left_off = rounds.onward(source, Further(page.url, source.kind), listing, Poll(), 0)
        found |= {"further": [one.url for one in further], "left_off": list(left_off)}
        found |= {"entries": len(listing.entries), "titles": [entry.title for entry in listing.entries[:3]]}
        found["problems"] = list(listing.problems)
        found["inline"] = sum(entry.page is not None for entry in listing.entries)
    if kind == "article":
        made = process(source, Entry(page.url), page)
        found |= {
            "id": article_id(canonical(page.url)),
            "title": made.title,
            "words": made.words,
            "body": made.body[:500],
        }
        found |= {"charset": made.charset, "undecoded": made.undecoded or 0}
        found["published"] = made.published_at.astimezone(UTC).isoformat() if made.published_at else ""
    return found


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(0))
    shared = Http(Egress("warraq/hostile (+http://localhost/)"), LOOPBACK, LIMITS)
    for line in sys.stdin:
        job = json.loads(line)
        own = job.keys() & {"pinned", "ca_file", "allowed", "limits"}
        web = _own(job) if own else shared
        print(json.dumps(report(job, web)), flush=True)  # noqa: T201  # that is how it answers


def _own(job: Mapping[str, Any]) -> Http:
    way = Egress(
        "warraq/hostile (+http://localhost/)", ca_file=job.get("ca_file", ""), pinned=tuple(job.get("pinned", ()))
    )
    return Http(way, job.get("allowed", LOOPBACK), replace(LIMITS, **job.get("limits", {})))


if __name__ == "__main__":
    main()
