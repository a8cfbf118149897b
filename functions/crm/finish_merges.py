"""Every five minutes: merges that a crash cut short are finished."""

from datetime import datetime

from functions.crm.merges import Merge, finish
from shared.storage import Database


def finish_merges(db: Database, now: datetime) -> None:
    """Move what still lies under merged ids; two processes at the same merge do no harm."""
    for merge in db.query(Merge, status="moving", order_by="merged_at").items:
        finish(db, merge.merged_id, now)
