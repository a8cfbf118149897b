"""order.cancelled: nothing more will be invoiced, so the draft is void."""

from functions.accounting.invoices import draft_of
from shared.events import Envelope
from shared.events.order import OrderCancelled
from shared.storage import Transaction


def void_draft(event: OrderCancelled, envelope: Envelope, tx: Transaction) -> None:
    """Void the draft, also one that is heard of later; invoices of what left stand."""
    draft = draft_of(tx, event.order_id)
    draft.voided_at = draft.voided_at or envelope.time
    tx.put(draft)
