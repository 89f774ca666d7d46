"""Still there: a person says that an article is not gone, whatever its site answers to us."""

from ingest.ledger.looks import said_to_be_there
from ingest.ledger.record import Record, State
from ingest.revisions.revision import back
from workers.runtime import Runtime
from workers.steps.attempt import enqueue_outcome
from workers.steps.revise import kept


def not_gone(rt: Runtime, record: Record) -> bool:
    """Have a document say that its article is not gone; return False if it does not say that it is.

    The article is not looked at any more, or it would soon be gone again.
    """
    old = rt.index.get(record) if record.state is State.INDEXED else None
    if old is None or not old.gone_at:
        return False
    now = rt.now()
    enqueue_outcome(rt, kept(said_to_be_there(record, now), back(old, now)))
    return True
