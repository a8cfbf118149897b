"""inventory.adjusted, inventory.returned and furniture's: goods vanish, are found, come back from customers."""

from datetime import datetime

from functions.accounting.ledger import Cause
from functions.accounting.legs import post_legs
from functions.accounting.order_facts import book_fact
from functions.accounting.stock_postings import adjusted
from shared.events import Envelope
from shared.events.furniture import FurnitureAdjusted, FurnitureReturned
from shared.events.inventory import InventoryAdjusted, InventoryReturned
from shared.storage import Transaction


def correct_stock(
    event: InventoryAdjusted | FurnitureAdjusted | InventoryReturned | FurnitureReturned,
    envelope: Envelope,
    tx: Transaction,
    now: datetime,
) -> None:
    """Book a change of value against write-offs, and returned goods at what they had cost against cost of sales."""
    if isinstance(event, InventoryAdjusted | FurnitureAdjusted):
        post_legs(tx, Cause.of(envelope), adjusted(event), None, now)
    else:
        book_fact(tx, event, envelope, now)
