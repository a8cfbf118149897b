"""payment.captured, .prepaid, .applied, .owed_back, .repaid: what was taken, and what of it is for what."""

from datetime import datetime

from functions.accounting.functional_currency import Books
from functions.accounting.ledger import Cause
from functions.accounting.legs import Leg, post_legs
from functions.accounting.order_facts import book_fact
from functions.accounting.payments import owed_back, prepaid, repaid
from shared.events import Envelope
from shared.events.payment import (
    PaymentApplied,
    PaymentCaptured,
    PaymentOwedBack,
    PaymentPrepaid,
    PaymentRepaid,
)
from shared.storage import Transaction


def post_payment(
    event: PaymentCaptured | PaymentPrepaid | PaymentApplied | PaymentOwedBack | PaymentRepaid,
    envelope: Envelope,
    tx: Transaction,
    now: datetime,
) -> None:
    """Book a payment in the seller's books; one that names no seller waits for its shipment."""
    if isinstance(event, PaymentCaptured | PaymentApplied):
        book_fact(tx, event, envelope, now)
        return
    books = Books.of(event.seller, event.exchange_rate, event.amount.currency)
    post_legs(tx, Cause.of(envelope), _legs(event, books), event.order_id, now)


def _legs(event: PaymentPrepaid | PaymentOwedBack | PaymentRepaid, books: Books) -> list[Leg]:
    match event:
        case PaymentPrepaid():
            return prepaid(event, books)
        case PaymentOwedBack():
            return [owed_back(event, books)]
        case PaymentRepaid():
            return repaid(event, books)
