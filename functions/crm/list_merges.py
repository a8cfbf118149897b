"""GET /customers/{customer_id}/merges: which records live on as this one, who said so and why.

Orders, messages and reports keep the id under which they were made: whoever wants all of a customer asks for each id.
"""

from functions.crm.identity import known
from functions.crm.merges import Merge
from shared.http.models import Answer, Items
from shared.storage import Database
from shared.values.clock import Timestamp
from shared.values.identifiers import CustomerId


class MergedRecord(Answer):
    """A record that was merged into `customer_id`, which may have been merged itself since."""

    merged_id: CustomerId
    customer_id: CustomerId
    by: str
    reason: str
    merged_at: Timestamp


class MergedRecords(Items):
    """All of them, newest first, on one page: people merge few. `customer_id` is who they are now."""

    customer_id: CustomerId
    items: list[MergedRecord]


def list_merges(customer_id: CustomerId, db: Database) -> MergedRecords:
    """List the records, those merged into merged ones included; NotFound for an unknown customer."""
    owner = known(db, customer_id).customer_id
    found, into = list[Merge](), [owner]
    for kept_id in into:
        merges = _merged_into(db, kept_id)
        found += merges
        into += [merge.merged_id for merge in merges]
    found.sort(key=lambda merge: (merge.merged_at, merge.merged_id), reverse=True)
    items = [
        MergedRecord(
            merged_id=merge.merged_id,
            customer_id=merge.kept_id,
            by=merge.by,
            reason=merge.reason,
            merged_at=merge.merged_at,
        )
        for merge in found
    ]
    return MergedRecords(customer_id=owner, items=items)


def _merged_into(db: Database, kept_id: str) -> list[Merge]:
    found, cursor = list[Merge](), None
    while True:
        page = db.query(Merge, kept_id=kept_id, order_by="merged_at", cursor=cursor)
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            return found
