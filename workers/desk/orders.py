"""What an editor asks for: a note is left for the workers, and their answer shown as soon as there is one."""

from secrets import token_hex
from typing import Any, Final, cast

import structlog
from redis.exceptions import RedisError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ingest.desk.order import WHATS, Order, What, order_id, wait_for
from ingest.errors import Permanent
from ingest.urls import fetchable
from workers.desk.desk import desk_of
from workers.desk.page import message

log = structlog.get_logger()

BACK: Final = {"retry": "/failures"}
"""Where the answer is shown; else with the sources."""


def order(request: Request) -> Response:
    """Leave an order, and show the page that waits for its answer."""
    desk, form = desk_of(request), request.state.form
    what = form.get("what", "")
    if desk.mailbox is None or what not in WHATS:
        return message(request, "not_found", 404)
    if what in {"add", "try"}:
        fetchable(form.get("url", "").strip())
    if what == "retry" and not (form.get("reason") or form.get("source")):
        raise Permanent("retry_what")
    made = Order(
        id=order_id(desk.now(), token_hex(8)),
        what=cast("What", what),
        asked_at=desk.now(),
        url=form.get("url", "").strip()[:2000],
        name=form.get("name", "").strip()[:200],
        source=form.get("source", "")[:64],
        reason=form.get("reason", "")[:200],
    )
    if not desk.mailbox.put(made):
        return message(request, "busy", 503)
    return RedirectResponse(f"{BACK.get(what, '/sources')}?order={made.id}#orders", 303)


def orders(request: Request) -> dict[str, Any]:
    """Return what a page shows of the orders: the last answers, whether it waits for one, whether any is taken.

    Without Redis a page is shown as to a reader.
    """
    desk = desk_of(request)
    nothing: dict[str, Any] = {"answers": (), "waits": "", "works": False}
    if desk.mailbox is None or not request.state.session.edits:
        return nothing
    try:
        found = desk.mailbox.answers()
    except RedisError as error:
        log.warning("redis_away", error=str(error)[:200])
        return nothing
    wanted = request.query_params.get("order", "")[:32]
    waits = "" if wanted in {one.order.id for one in found} else wait_for(wanted, desk.now())
    return {"answers": found, "waits": waits, "works": True}


ROUTES: Final = [Route("/orders", order, methods=["POST"])]
