"""shipment.returned: give back what the pieces that came back had cost, from the captures it was taken with."""

from collections import Counter
from datetime import datetime

from functions.payment.authorization import Authorization
from functions.payment.gateway import Gateway, GatewayError
from functions.payment.refund import Refund
from functions.payment.refunding import claim, finish_refund
from shared.errors import Unavailable, Undeliverable
from shared.events.shipment import ShipmentReturned
from shared.http.models import Receipt
from shared.storage import Database, Transaction


def refund_return(event: ShipmentReturned, db: Database, gateway: Gateway, receipt: Receipt, now: datetime) -> None:
    """Refund once per return, never more than was captured: the whole of it, or payment.refund_failed.

    What fails is asked for again by `retry_refused`. Unavailable, so that the event comes again, while a shipment's
    capture or the gateway's answer is not known.
    """
    refund = db.transact(lambda tx: _intend(tx, event, now))
    if refund.state != "refunding":
        db.transact(receipt.record, deferrable=True)
        return
    try:
        finish_refund(db, gateway, refund, now, also=receipt.record)
    except GatewayError:
        raise Unavailable("the gateway has not said whether it refunded") from None


def _intend(tx: Transaction, event: ShipmentReturned, now: datetime) -> Refund:
    known = tx.get(Refund, event.return_id)
    if known is not None:
        return known
    authorization = tx.get(Authorization, event.order_id)
    if authorization is None:
        raise Undeliverable(f"{event.return_id} came back, but the payment of {event.order_id} was never asked for")
    if event.total.currency != authorization.currency or event.total.minor < 0:
        raise Undeliverable(f"{event.return_id} is worth {event.total.amount} {event.total.currency}: not refundable")
    wanted: Counter[str] = Counter()
    for line in event.lines:
        wanted[line.shipment_id] += (line.net + line.tax).minor
    refund = Refund(
        return_id=event.return_id,
        order_id=event.order_id,
        gateway=authorization.gateway,
        payment_id=authorization.payment_id or "",
        currency=event.total.currency,
        amount_minor=event.total.minor,
        wanted=dict(wanted),
        asked_at=now,
    )
    return claim(tx, refund, now)
