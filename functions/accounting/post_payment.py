"""payment.captured, .prepaid, .applied, .owed_back: what was taken of customers, and what of it is for what."""

from datetime import datetime

from functions.accounting.functional_currency import Books
from functions.accounting.ledger import Cause
from functions.accounting.legs import post_legs
from functions.accounting.order_facts import book_fact
from functions.accounting.payments import owed_back, prepaid
from shared.events import Envelope
from shared.events.payment import PaymentApplied, PaymentCaptured, PaymentOwedBack, PaymentPrepaid
from shared.storage import Transaction


def post_payment(
    event: PaymentCaptured | PaymentPrepaid | PaymentApplied | PaymentOwedBack,
    envelope: Envelope,
    tx: Transaction,
    now: datetime,
) -> None:
    """Book a payment in the seller's books; one that names no seller waits for its shipment."""
    if isinstance(event, PaymentPrepaid | PaymentOwedBack):
        books = Books.of(event.seller, event.exchange_rate, event.amount.currency)
        legs = prepaid(event, books) if isinstance(event, PaymentPrepaid) else [owed_back(event, books)]
        post_legs(tx, Cause.of(envelope), legs, event.order_id, now)
        return
    book_fact(tx, event, envelope, now)
