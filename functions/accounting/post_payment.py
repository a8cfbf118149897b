"""payment.captured, .prepaid, .applied: what was taken of customers, and what of it clears what they owe."""

from datetime import datetime

from functions.accounting.functional_currency import Books
from functions.accounting.ledger import Cause
from functions.accounting.legs import post_legs
from functions.accounting.order_facts import book_fact
from functions.accounting.payments import prepaid
from shared.events import Envelope
from shared.events.payment import PaymentApplied, PaymentCaptured, PaymentPrepaid
from shared.storage import Transaction


def post_payment(
    event: PaymentCaptured | PaymentPrepaid | PaymentApplied, envelope: Envelope, tx: Transaction, now: datetime
) -> None:
    """Book a payment in the seller's books; one that names no seller waits for its shipment."""
    if isinstance(event, PaymentPrepaid):
        books = Books.of(event.seller, event.exchange_rate, event.amount.currency)
        post_legs(tx, Cause.of(envelope), prepaid(event, books), event.order_id, now)
        return
    book_fact(tx, event, envelope, now)
