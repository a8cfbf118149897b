"""Whether a customer may order: each change is kept with who said so and why."""

from datetime import datetime
from typing import ClassVar

from functions.crm.belonging import Belonging
from functions.crm.customer import Customer, Standing
from shared.events.customer import CustomerStandingChanged
from shared.storage import Index, Transaction
from shared.values.clock import Timestamp
from shared.values.identifiers import CustomerId, new_id

STRICTNESS: dict[Standing, int] = {"good": 0, "watch": 1, "blocked": 2}


class StandingChange(Belonging):
    """Somebody said how a customer stands. before = after when only the reason is another."""

    collection: ClassVar[str] = "standing_changes"
    key_field: ClassVar[str] = "change_id"
    indexes: ClassVar[tuple[Index, ...]] = (Index("customer_id", "at"), Index("at"))

    change_id: str
    customer_id: CustomerId
    before: Standing
    after: Standing
    by: str
    reason: str
    at: Timestamp


def stand(tx: Transaction, customer: Customer, standing: Standing, by: str, reason: str, now: datetime) -> Customer:
    """Return the customer as they stand now, with history and event; unchanged if this is what was said last.

    The caller puts the customer.
    """
    if (customer.standing, customer.standing_reason) == (standing, reason):
        return customer
    before = customer.standing
    tx.create(
        StandingChange(
            change_id=new_id("std", now),
            customer_id=customer.customer_id,
            before=before,
            after=standing,
            by=by,
            reason=reason,
            at=now,
        )
    )
    event = CustomerStandingChanged(
        customer_id=customer.customer_id, before=before, after=standing, by=by, reason=reason
    )
    tx.emit(event, now)
    return customer.model_copy(
        update={"standing": standing, "standing_reason": reason, "standing_by": by, "standing_at": now}
    )
