"""What payment says: taken, prepaid, owed back, repaid, refused, voided, authorized anew, run out, charged back."""

from datetime import datetime

from functions.order_management.facts import PaymentFact, heard
from functions.order_management.recording import hear, load
from shared.events import Envelope
from shared.storage import Transaction


def record_payment_fact(event: PaymentFact, envelope: Envelope, tx: Transaction, now: datetime) -> None:
    """Keep what was taken, let go or taken back, before the order or the shipment is known too."""
    hear(tx, load(tx, event.order_id), heard(event, envelope), now)
