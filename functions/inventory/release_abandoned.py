"""On `order.rejected` and `order.cancelled`: the order will not be fulfilled."""

from datetime import datetime

from functions.inventory.ledger import LEDGER
from shared.events.order import OrderCancelled, OrderRejected
from shared.stock import holding
from shared.storage import Transaction


def release_abandoned(event: OrderRejected | OrderCancelled, tx: Transaction, now: datetime) -> None:
    """Offer for sale again what the order held here, if anything; nothing can be reserved for it later."""
    holding.release_abandoned(tx, LEDGER, event, now)
