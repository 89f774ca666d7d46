"""What editors ask for at the desk is done here, by the workers that poll: theirs are the rights, and the way out."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

import structlog

from ingest.desk.order import Answer, Order
from ingest.discover import CHOICES, discover, kind_of
from ingest.errors import WarraqError
from ingest.model import Source
from ingest.polling.listing import Listing
from ingest.upshot import Upshot
from ingest.urls import fetchable, host_of, lane_of
from workers.runtime import Runtime
from workers.steps import reopen, sources
from workers.steps.ask import NotYet, Redirected, ask
from workers.steps.failures import ENDS
from workers.steps.patience import Patience
from workers.steps.source_file import source_id
from workers.store.selection import Selection

log = structlog.get_logger()

AT_ONCE: Final = 20
SHOWN: Final = 20
"""Entries that a dry run shows."""
PATIENCE_S: Final = 30.0
"""How long a retry waits for a service that is away."""


def obey(rt: Runtime) -> Upshot | None:
    """Do what waits, and answer each order."""
    rt.mailbox.come()
    done = 0
    while done < AT_ONCE and (order := rt.mailbox.take()):
        rt.mailbox.answer(_answered(rt, order))
        done += 1
    return Upshot("", f"{done} orders") if done else None


def _answered(rt: Runtime, order: Order) -> Answer:
    made = partial(Answer, order=order)
    try:
        return replace(ORDERS[order.what](rt, order), at=rt.now())
    except NotYet as error:
        return made(at=rt.now(), ok=False, said=f"not_yet {error}")
    except Redirected as error:
        return made(at=rt.now(), ok=False, said=f"moved {error.url}")
    except WarraqError as error:
        return made(at=rt.now(), ok=False, said=str(error)[:500])
    except Exception as error:  # an order is answered whatever happens: somebody waits for it
        log.exception("order_failed", order=order.what)
        return made(at=rt.now(), ok=False, said=repr(error)[:300])


def _add(rt: Runtime, order: Order) -> Answer:
    sources.add(rt, source=_source(order))
    return Answer(order=order, at=rt.now())


def _try(rt: Runtime, order: Order) -> Answer:
    """Read a page as a poll would and admit nothing: a listing's entries, else the listings that it names."""
    source = _source(order)
    page = ask(rt, source.url, lane_of(source.url), f"try {order.id}")
    source = replace(source, kind=rt.sandbox.call(kind_of, page) or source.kind)
    listing: Listing = rt.sandbox.call(discover, source, page)
    found = [one.title or one.url for one in listing.entries] or [one.url for one in listing.further]
    return Answer(order=order, at=rt.now(), number=len(found), found=tuple(found[:SHOWN]))


def _pause(rt: Runtime, order: Order, *, paused: bool) -> Answer:
    sources.pause(rt, named=order.source, paused=paused)
    return Answer(order=order, at=rt.now())


def _remove(rt: Runtime, order: Order) -> Answer:
    sources.remove(rt, named=order.source)
    return Answer(order=order, at=rt.now())


def _retry(rt: Runtime, order: Order) -> Answer:
    which = Selection(states=ENDS, reason=order.reason, source_ids=(order.source,) if order.source else ())
    done = reopen.retry(rt, which=which, patience=Patience(PATIENCE_S))
    return Answer(order=order, at=rt.now(), ok=not done.stopped, said=done.stopped, number=done.count)


def _source(order: Order) -> Source:
    url = fetchable(order.url)
    return Source(id=source_id(url), kind=next(iter(CHOICES)), url=url, name=order.name or host_of(url))


ORDERS: Final[Mapping[str, Callable[[Runtime, Order], Answer]]] = {
    "add": _add,
    "try": _try,
    "pause": partial(_pause, paused=True),
    "resume": partial(_pause, paused=False),
    "remove": _remove,
    "retry": _retry,
}
