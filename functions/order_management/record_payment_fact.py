"""payment.captured, .capture_failed, .voided: what payment says of an order's money."""

from functions.order_management.order import Fact
from functions.order_management.recording import hear, load
from shared.events import Envelope
from shared.events.payment import PaymentCaptured, PaymentCaptureFailed, PaymentVoided
from shared.storage import Transaction


def record_payment_fact(
    event: PaymentCaptured | PaymentCaptureFailed | PaymentVoided, envelope: Envelope, tx: Transaction
) -> None:
    """Keep what was taken or let go, before the order or the shipment is known too."""
    fact = Fact(
        type=event.type,
        id=envelope.id,
        at=envelope.time,
        shipment_id=None if isinstance(event, PaymentVoided) else event.shipment_id,
        reason=event.decline_code if isinstance(event, PaymentCaptureFailed) else None,
        amount_minor=event.amount.minor,
    )
    hear(tx, load(tx, event.order_id), fact)
