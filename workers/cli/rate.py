"""Columns of a progress bar: how fast it is, and how long it will take. Empty where that is not known."""

from rich.progress import ProgressColumn, Task, TimeRemainingColumn
from rich.text import Text


class Rate(ProgressColumn):
    """What is done a second, of late; in the unit that the task's fields name."""

    def render(self, task: Task) -> Text:
        """Return the rate, with a digit behind the point while it is low."""
        speed = task.finished_speed or task.speed
        if not speed:
            return Text("")
        return Text(f"{speed:,.{0 if speed >= 10 else 1}f}{task.fields.get('unit', '')}/s")  # noqa: PLR2004  # two digits


class Left(TimeRemainingColumn):
    """The time left, if it is known."""

    def render(self, task: Task) -> Text:
        """Return it as `5:30 left`."""
        return Text("") if task.finished or task.time_remaining is None else super().render(task).append(" left")
