"""payment.captured: what was captured clears what the customer owes."""

from datetime import datetime

from functions.accounting.order_facts import book_fact
from shared.events import Envelope
from shared.events.payment import PaymentCaptured
from shared.storage import Transaction


def post_payment(event: PaymentCaptured, envelope: Envelope, tx: Transaction, now: datetime) -> None:
    """Book a capture in the seller's books; heard of before its shipment, it waits for that."""
    book_fact(tx, event, envelope, now)
