"""On `order.reduced`: pieces of an order will not leave."""

from datetime import datetime

from functions.inventory.ledger import LEDGER
from shared.events.order import OrderReduced
from shared.stock.reducing import reduce
from shared.storage import Transaction


def reduce_reservation(event: OrderReduced, tx: Transaction, now: datetime) -> None:
    """Offer for sale again exactly the pieces that the order gave up; Undeliverable if it doesn't hold them."""
    reduce(tx, LEDGER, event, now)
