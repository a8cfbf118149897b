"""payment.refunded, payment.charged_back: money goes back to the customer, by us or by their bank."""

from datetime import datetime

from functions.accounting.order_facts import book_fact
from shared.events import Envelope
from shared.events.payment import PaymentChargedBack, PaymentRefunded
from shared.storage import Transaction


def post_reversal(
    event: PaymentRefunded | PaymentChargedBack, envelope: Envelope, tx: Transaction, now: datetime
) -> None:
    """Book a refund against what is owed for the return, a chargeback and its fee as losses, once each."""
    book_fact(tx, event, envelope, now)
