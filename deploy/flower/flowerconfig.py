"""Flower's settings, run by `celery ... flower --conf=`: each name here is one of its options.

A file and not arguments, because the password must stay out of `ps`. FLOWER_UNAUTHENTICATED_API must stay unset:
it would open the API to everybody.
"""

import os
from pathlib import Path
from typing import Any

_password_file = Path(os.environ["WARRAQ_FLOWER_PASSWORD_FILE"])
_password = _password_file.read_text(encoding="utf-8").strip()
if not _password:
    message = f"{_password_file} is empty: remove it and run `warraq secrets`"
    raise SystemExit(message)

basic_auth = [f"warraq:{_password}"]
read_only = True  # Flower only shows; stopping and retrying go through `warraq`
persistent = False  # the history is in the ledger
max_tasks = 2000  # about 20 MB; the default of 100,000 would fill the container's memory
max_workers = 100
purge_offline_workers = 300  # a container that was replaced is not an outage
enable_events = os.environ.get("WARRAQ_TASK_EVENTS", "true").lower() == "true"  # else it would switch them on again
natural_time = False
tasks_columns = "name,args,state,result,received,runtime,worker"


def format_task(task: Any) -> Any:  # noqa: ANN401  # Celery's object; Flower hands over a copy
    """Show why a task has failed in the column of results, too: there articles' failures are.

    An address with Arabic letters keeps its order by a mark (U+200E) on both sides of each slash.
    """
    if task.result is None and task.exception is not None:
        task.result = task.exception
    if task.args and not task.args.isascii():
        task.args = task.args.replace("/", "\u200e/\u200e")
    return task
