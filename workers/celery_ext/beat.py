"""A scheduler that skips a task whose queue is not being emptied, so that messages do not pile up.

`expires` removes no message from Redis: a day without the control worker cost 85 MB of ticks.
"""

from typing import Any, Final

from celery.beat import PersistentScheduler
from celery.signals import heartbeat_sent
from kombu.exceptions import ChannelError

WAITING: Final = 5
"""With this many messages in its queue a task is not sent: one tick does the work of all before it."""


class BoundedScheduler(PersistentScheduler):
    """Celery's scheduler, but it skips a task that already waits in its queue."""

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
