"""shipment.dispatched: take what the shipment is worth of what was authorized."""

from datetime import datetime

from functions.payment.authorization import Authorization
from functions.payment.capture import Capture, begun
from functions.payment.gateway import Gateway, GatewayError
from functions.payment.prepayment import applied
from functions.payment.renewal import has_lapsed, renew
from functions.payment.settlement import finish_capture
from shared.errors import Unavailable
from shared.events.shipment import ShipmentDispatched
from shared.http.models import Receipt
from shared.storage import Database, Transaction


def capture_shipment(
    event: ShipmentDispatched, db: Database, gateway: Gateway, receipt: Receipt, now: datetime
) -> None:
    """Capture once per shipment, never more than was authorized (Undeliverable).

    What has run out is authorized again first, if the gateway can; else the capture fails. What fails is asked for
    again by `retry_refused`. Unavailable, so that the event comes again, while the outcome of authorizing or of
    capturing is not known.
    """
    renews = gateway.capabilities.reauthorization
    capture = db.transact(lambda tx: _intend(tx, event, now, renews=renews))
    if capture is None:
        renew(db, gateway, event.order_id, now)
        capture = db.transact(lambda tx: _intend(tx, event, now, renews=False))
    assert capture is not None  # it waits for one renewal only
    if capture.state != "capturing":
        db.transact(receipt.record, deferrable=True)
        return
    try:
        finish_capture(db, gateway, capture, now, also=receipt.record)
    except GatewayError:
        raise Unavailable("the gateway has not said whether it captured") from None


def _intend(tx: Transaction, event: ShipmentDispatched, now: datetime, *, renews: bool) -> Capture | None:
    """Return the shipment's capture; None if its authorization is to be renewed first."""
    known = tx.get(Capture, event.shipment_id)
    if known is not None:
        return known
    authorization = tx.get(Authorization, event.order_id)
    if authorization is not None and authorization.state == "prepaid":
        return applied(tx, authorization, event, now)
    if renews and has_lapsed(authorization, now):
        return None
    capture = begun(authorization, event.shipment_id, event.total, now)
    assert authorization is not None  # or `begun` had raised
    tx.put(capture)
    tx.put(authorization.model_copy(update={"capturing_minor": authorization.capturing_minor + capture.amount_minor}))
    return capture
