"""Task events for Flower, sent in batches.

Celery sends them after each turn of its loop, one or two to a message: that costs a worker as much as all the rest that
it does for a short task. The price: Flower shows a task a second later.
"""

from typing import Any, Final

from celery import bootsteps

EVERY_S: Final = 1.0
"""Seconds between two messages; a batch of 24 events (Celery's `buffer_limit`) is sent at once."""


class EventLots(bootsteps.StartStopStep):
    """A step of every worker's consumer, after the one that makes the dispatcher, and again after a reconnection."""

    requires = ("celery.worker.consumer.events:Events",)

    def __init__(self, consumer: Any, **options: Any) -> None:  # noqa: ANN401  # Celery's objects are untyped
        self._timer: Any = None
        super().__init__(consumer, **options)

    def start(self, consumer: Any) -> None:  # noqa: ANN401  # Celery's objects are untyped
        """Send by the clock, not after each turn."""
        if consumer.hub:
            consumer.event_dispatcher.on_send_buffered = None
            self._timer = consumer.timer.call_repeatedly(EVERY_S, consumer.event_dispatcher.flush)

    def stop(self, consumer: Any) -> None:  # noqa: ANN401  # Celery's objects are untyped
        """Send the rest: Flower must not show ended tasks as running."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            consumer.event_dispatcher.flush()
