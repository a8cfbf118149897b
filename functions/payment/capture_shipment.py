"""shipment.dispatched: take what the shipment is worth of what was authorized."""

from datetime import datetime

from functions.payment.authorization import Authorization
from functions.payment.capture import Capture, begun
from functions.payment.gateway import Gateway, GatewayError
from functions.payment.settlement import finish_capture
from shared.errors import Unavailable
from shared.events.shipment import ShipmentDispatched
from shared.http.models import Receipt
from shared.storage import Database, Transaction


def capture_shipment(
    event: ShipmentDispatched, db: Database, gateway: Gateway, receipt: Receipt, now: datetime
) -> None:
    """Capture once per shipment, never more than was authorized (Undeliverable).

    Unavailable, so that the event comes again, while the outcome of authorizing or of capturing is not known.
    """
    capture = db.transact(lambda tx: _intend(tx, event, now))
    if capture.state != "capturing":
        db.transact(receipt.record)
        return
    try:
        finish_capture(db, gateway, capture, now, also=receipt.record)
    except GatewayError:
        raise Unavailable("the gateway has not said whether it captured") from None


def _intend(tx: Transaction, event: ShipmentDispatched, now: datetime) -> Capture:
    known = tx.get(Capture, event.shipment_id)
    if known is not None:
        return known
    authorization = tx.get(Authorization, event.order_id)
    capture = begun(authorization, event.shipment_id, event.total, now)
    assert authorization is not None  # or `begun` had raised
    tx.put(capture)
    tx.put(authorization.model_copy(update={"capturing_minor": authorization.capturing_minor + capture.amount_minor}))
    return capture
