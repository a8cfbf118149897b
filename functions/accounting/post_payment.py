"""payment.captured: what was captured clears what the customer owes."""

from datetime import datetime

from functions.accounting.ledger import Cause, post
from functions.accounting.postings import captured
from shared.events import Envelope
from shared.events.payment import PaymentCaptured
from shared.storage import Transaction


def post_payment(event: PaymentCaptured, envelope: Envelope, tx: Transaction, now: datetime) -> None:
    """Book a capture, also when it is heard of before its invoice."""
    post(tx, Cause.of(envelope), "capture", captured(event), event.order_id, now)
