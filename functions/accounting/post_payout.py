"""payment.paid_out: the gateway paid to the bank and kept its fees."""

from datetime import datetime

from functions.accounting.ledger import Cause
from functions.accounting.legs import post_legs
from functions.accounting.payments import paid_out
from shared.events import Envelope
from shared.events.payment import PaymentPaidOut
from shared.storage import Transaction


def post_payout(event: PaymentPaidOut, envelope: Envelope, tx: Transaction, now: datetime) -> None:
    """Book a payout once, in the books of whose merchant account it comes from."""
    post_legs(tx, Cause.of(envelope), [paid_out(event)], None, now)
