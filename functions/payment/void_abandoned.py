"""order.rejected, order.cancelled: release what is held for an order that will not be fulfilled."""

from datetime import datetime

from functions.payment.gateway import Gateway
from functions.payment.voiding import void
from shared.events.order import OrderCancelled, OrderRejected
from shared.http.models import Receipt
from shared.storage import Database


def void_abandoned(
    event: OrderRejected | OrderCancelled, db: Database, gateway: Gateway, receipt: Receipt, now: datetime
) -> None:
    """Void the order's authorization; an unknown one leaves a tombstone.

    The event is handled once the intent is written: from there the sweep finishes what the gateway didn't answer.
    """
    void(db, gateway, event.order_id, event.reason, now, also=receipt.record)
