"""Two records of one person become one: decided in one transaction, then everything else follows in batches.

From the first commit on the merged id means the kept record. E-mail claims, purchases and histories are moved after
that, at most 200 a commit, so a crash leaves nothing but work that is done later.
"""

from datetime import datetime
from functools import partial
from typing import ClassVar, Literal

from functions.crm.belonging import Belonging
from functions.crm.customer import Customer, EmailClaim
from functions.crm.identity import owner_id
from functions.crm.joining import join
from functions.crm.preferences import Consent
from functions.crm.purchases import Purchase
from functions.crm.standings import StandingChange
from functions.crm.tiers import TierChange, book_opening, review_tier
from shared.errors import IllegalTransition, Invalid, NotFound
from shared.events.customer import CustomerMerged
from shared.storage import Database, Document, Index, Transaction
from shared.values.clock import Timestamp
from shared.values.identifiers import CustomerId

MOVED: tuple[type[Belonging], ...] = (EmailClaim, Purchase, StandingChange, TierChange, Consent)
MOVED_AT_ONCE = 200


class Merge(Document):
    """A record that lives on as another: its key is the merged id, for one is merged once."""

    collection: ClassVar[str] = "merges"
    key_field: ClassVar[str] = "merged_id"
    indexes: ClassVar[tuple[Index, ...]] = (
        Index("merged_at"),
        Index("status", "merged_at"),
        Index("kept_id", "merged_at"),
    )

    merged_id: CustomerId
    kept_id: CustomerId
    by: str
    reason: str
    status: Literal["moving", "done"] = "moving"
    merged_at: Timestamp


def decide(tx: Transaction, keep: str, merge: str, by: str, reason: str, now: datetime) -> Merge:
    """Make one record of two, once. Invalid for one and the same, IllegalTransition if it lives on as a third."""
    if keep == merge:
        raise Invalid(("merge", "expected another customer than keep"))
    kept, merged = tx.get(Customer, owner_id(tx, keep)), tx.get(Customer, merge)
    if kept is None or merged is None:
        raise NotFound(f"no customer {merge if kept else keep}")
    earlier = tx.get(Merge, merge)
    if earlier is not None and owner_id(tx, merge) == kept.customer_id:
        return earlier
    if earlier is not None:
        raise IllegalTransition(f"{merge} was merged into {earlier.kept_id}")
    if kept.customer_id == merge:
        raise IllegalTransition(f"{keep} was merged into {merge}")
    tx.put(join(tx, kept, merged, by, reason, now))
    tx.put(merged.model_copy(update={"merged_into": kept.customer_id}))
    done = Merge(merged_id=merge, kept_id=kept.customer_id, by=by, reason=reason, merged_at=now)
    tx.create(done)
    tx.emit(CustomerMerged(customer_id=kept.customer_id, merged_id=merge, by=by), now)
    return done


def finish(db: Database, merged_id: str, now: datetime) -> None:
    """Move what still lies under the merged id; repeating this after a crash goes on where it ended."""
    book_opening(db, merged_id, now)
    for kind in MOVED:
        while db.transact(partial(_move, kind=kind, merged_id=merged_id)):
            pass
    review_tier(db, owner_id(db, merged_id), now, now)
    db.transact(partial(_done, merged_id=merged_id))


def _move(tx: Transaction, kind: type[Belonging], merged_id: str) -> int:
    """Move a batch to whoever the merged id means by now; returns how many there were."""
    owner = owner_id(tx, merged_id)
    found = tx.query(kind, customer_id=merged_id, limit=MOVED_AT_ONCE).items
    for each in found:
        current = tx.get(kind, each.document_key)
        if current is not None and current.customer_id == merged_id:
            tx.put(current.model_copy(update={"customer_id": owner}))
    return len(found)


def _done(tx: Transaction, merged_id: str) -> None:
    merge = tx.get(Merge, merged_id)
    if merge is not None and merge.status == "moving":
        tx.put(merge.model_copy(update={"status": "done"}))
