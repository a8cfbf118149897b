"""inventory.received, inventory.committed and furniture's: goods come in and leave at what they cost."""

from datetime import datetime

from functions.accounting.ledger import Cause
from functions.accounting.legs import post_legs
from functions.accounting.shipment_costs import record_issue
from functions.accounting.stock_postings import issued, received
from shared.events import Envelope
from shared.events.furniture import FurnitureCommitted, FurnitureReceived
from shared.events.inventory import InventoryCommitted, InventoryReceived
from shared.storage import Transaction


def post_stock_movement(
    event: InventoryReceived | InventoryCommitted | FurnitureReceived | FurnitureCommitted,
    envelope: Envelope,
    tx: Transaction,
    now: datetime,
) -> None:
    """Book a goods receipt or a goods issue; an issue's cost of sales follows when its shipment has arrived."""
    if isinstance(event, InventoryReceived | FurnitureReceived):
        post_legs(tx, Cause.of(envelope), [received(event)], None, now)
    else:
        post_legs(tx, Cause.of(envelope), issued(event), event.order_id, now)
        record_issue(tx, event, envelope, now)
