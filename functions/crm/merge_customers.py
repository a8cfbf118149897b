"""POST /customers/merge: two records are one person; one of them is kept, and the other's id means it ever after."""

from datetime import datetime
from functools import partial

from pydantic import Field

from functions.crm.merges import decide, finish
from shared.http.models import Answer, Command
from shared.storage import Database
from shared.values.clock import Timestamp
from shared.values.identifiers import CustomerId


class MergeCustomers(Command):
    """Which record lives on, which one is merged into it, who says so and why."""

    keep: CustomerId
    merge: CustomerId
    by: str = Field(min_length=1, max_length=100)
    reason: str = Field(min_length=1, max_length=500)


class MergeAnswer(Answer):
    """The record that it was merged into, which may have been merged itself since; and the one that means it now."""

    customer_id: CustomerId
    merged_id: CustomerId
    by: str
    reason: str
    merged_at: Timestamp


def merge_customers(command: MergeCustomers, db: Database, now: datetime) -> MergeAnswer:
    """Merge, and move what the other record had; asked again, answers the same and moves what a crash left behind.

    NotFound for an unknown customer, Invalid for one and the same, IllegalTransition for one that lives on elsewhere.
    """
    work = partial(decide, keep=command.keep, merge=command.merge, by=command.by, reason=command.reason, now=now)
    merge = db.transact(work)
    if merge.status == "moving":
        finish(db, merge.merged_id, now)
    return MergeAnswer(
        customer_id=merge.kept_id,
        merged_id=merge.merged_id,
        by=merge.by,
        reason=merge.reason,
        merged_at=merge.merged_at,
    )
