"""payment.captured, .prepaid, .capture_failed, .voided, .reauthorized, .expired, .charged_back: what payment says."""

from datetime import datetime

from functions.order_management.order import Fact
from functions.order_management.recording import hear, load
from shared.events import Envelope
from shared.events.payment import (
    PaymentCaptured,
    PaymentCaptureFailed,
    PaymentChargedBack,
    PaymentExpired,
    PaymentPrepaid,
    PaymentReauthorized,
    PaymentVoided,
)
from shared.storage import Transaction

PaymentFact = (
    PaymentCaptured
    | PaymentPrepaid
    | PaymentCaptureFailed
    | PaymentVoided
    | PaymentReauthorized
    | PaymentExpired
    | PaymentChargedBack
)


def record_payment_fact(event: PaymentFact, envelope: Envelope, tx: Transaction, now: datetime) -> None:
    """Keep what was taken, let go or taken back, before the order or the shipment is known too."""
    rest: dict[str, str] = {}
    if isinstance(event, PaymentCaptured | PaymentCaptureFailed):
        rest["shipment_id"] = event.shipment_id
    if isinstance(event, PaymentCaptureFailed):
        rest["reason"] = event.decline_code
    if isinstance(event, PaymentChargedBack):
        rest |= {"reason": event.reason, "ref": event.chargeback_id}
    fact = Fact(type=event.type, id=envelope.id, at=envelope.time, amount_minor=event.amount.minor, **rest)
    hear(tx, load(tx, event.order_id), fact, now)
