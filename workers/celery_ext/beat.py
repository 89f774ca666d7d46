"""A scheduler that skips a task whose queue is not being emptied, and that a clock set back does not stop.

`expires` removes no message from Redis: a day without the control worker cost 85 MB of ticks. And it compares two
machines' clocks, so that a beat which is an hour behind would have all its messages thrown away.
"""

import math
from typing import Any, Final

from celery.beat import PersistentScheduler
from celery.signals import heartbeat_sent
from kombu.exceptions import ChannelError

WAITING: Final = 5
"""With this many messages in its queue a task is not sent: one tick does the work of all before it."""

SLACK_S: Final = 0.012
"""What it sleeps beyond a task's moment: Celery's wakes 10 ms before it, and then seven times in vain."""

LONGEST_PERIODS: Final = 2
"""Periods of the most frequent task: if the next one is further away, the clock was set back."""


class BoundedScheduler(PersistentScheduler):
    """Celery's scheduler, but it skips a task that waits in its queue already, and survives a clock that jumps back."""

    def tick(self, *args: Any, **options: Any) -> float:  # noqa: ANN401  # Celery's own signature
        """Send what is due; return the seconds until the next task.

        Celery goes by the machine's clock: set back by an hour it would send nothing for an hour.
        """
        delay, entries = float(super().tick(*args, **options)), list[Any](self.schedule.values())
        if delay <= LONGEST_PERIODS * min(getattr(entry.schedule, "seconds", math.inf) for entry in entries):
            return delay + SLACK_S if delay > 0 else delay
        for entry in entries:
            entry.last_run_at = entry.default_now()
        self._heap = None
        return 0.0

    def apply_async(self, entry: Any, *args: Any, **options: Any) -> Any:  # noqa: ANN401  # Celery's own signature
        """Send a due task, or report that beat is alive without sending it. Celery logs what is raised here."""
        if self._waiting(entry.task) >= WAITING:
            return heartbeat_sent.send(sender=self)
        return super().apply_async(entry, *args, **options)

    def _waiting(self, task: str) -> int:
        """Return the messages in a task's queue."""
        queue = self.app.amqp.router.route({}, task)["queue"].name
        channel: Any = self.connection.default_channel  # beat's own connection; celery-types does not know the method
        try:
            return int(channel.queue_declare(queue, passive=True).message_count)
        except ChannelError:  # Redis has no empty list
            return 0
