"""inventory.received, inventory.committed and furniture's: goods come in and leave at what they cost."""

from datetime import datetime

from functions.accounting.ledger import Cause, post
from functions.accounting.postings import issued, received
from functions.accounting.shipment_costs import record_issue
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
        post(tx, Cause.of(envelope), "receipt", received(event), None, now)
    else:
        post(tx, Cause.of(envelope), "issue", issued(event), event.order_id, now)
        record_issue(tx, event, envelope, now)
