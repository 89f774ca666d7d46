"""What a worker tells of its tasks: how they ended, in words, instead of `succeeded` for whatever was done.

An article's failure is no exception of its task: the ledger has it, and the message is acknowledged like any other. So
nothing is raised and no traceback is made; only the last event says `failed` or `retried`.
"""

from typing import Any, Final

from celery.worker import request

from ingest.upshot import Ending, Upshot
from workers.celery_ext.upshots import unpacked

SUCCEEDED: Final = "task-succeeded"
FAILED: Final = "task-failed"
EVENTS: Final = {Ending.DONE: SUCCEEDED, Ending.PUT_BACK: "task-retried", Ending.FAILED: FAILED}


class Telling(request.Request):
    """A request whose last event has its task's upshot."""

    def send_event(self, type: str, **fields: Any) -> None:  # noqa: A002, ANN401  # Celery's own signature
        """Send an event; that of a good end by what the task says of it."""
        if type == SUCCEEDED and (upshot := unpacked(fields["result"])):
            super().send_event(EVENTS[upshot.ending], **fields_of(upshot, fields["runtime"]))
        else:
            super().send_event(type, **fields)


class Late(request.Request):
    """A request that sends no event until its task has done something, and none at all if it has not."""

    _eventer: Any  # Celery's dispatcher of events, or None; its stub does not know it

    def send_event(self, type: str, **fields: Any) -> None:  # noqa: A002, ANN401  # Celery's own signature
        """Send, at the end, all events of a task that has an upshot, or has failed."""
        if type == SUCCEEDED and (upshot := unpacked(fields["result"])):
            self._tell(EVENTS[upshot.ending], fields_of(upshot, fields["runtime"]))
        elif type == FAILED:
            self._tell(type, fields)

    def _tell(self, last: str, fields: dict[str, Any]) -> None:
        if self._eventer and self._eventer.enabled:
            send, began = self._eventer.send, {"uuid": self.id, "timestamp": self.time_start}
            send("task-received", name=self.name, args="", kwargs="", **began)
            send("task-started", **began)
            send(last, uuid=self.id, **fields)


def fields_of(upshot: Upshot, runtime: float) -> dict[str, Any]:
    """Return an upshot as fields of an event. `result`, of a failure too: Flower searches in it, and has a column."""
    fields: dict[str, Any] = {"result": upshot.said, "runtime": runtime}
    if upshot.about:
        fields["args"] = upshot.about
    if upshot.ending is not Ending.DONE:
        fields["exception"] = upshot.said
    return fields
