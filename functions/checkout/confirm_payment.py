"""POST /orders/{order_id}/confirm: the customer has authenticated the payment (3-D Secure); finish the order."""

from datetime import datetime

from functions.checkout import steps
from functions.checkout.ending import release_lease, take_over
from functions.checkout.order import Order, PlacedOrder
from functions.checkout.saga import Drive
from shared.calls import Calls
from shared.errors import BoutiqueError, IllegalTransition, NotFound
from shared.storage import Database
from shared.storage.instances import Instance
from shared.values.identifiers import OrderId


def confirm_payment(order_id: OrderId, db: Database, call: Calls, now: datetime, instance: Instance) -> PlacedOrder:
    """Finish an order that requires an action; asking again gives the same answer.

    Refusals: 402 payment_declined, 409 reservation_expired (both undo the order), 409 illegal_transition. 503 while a
    service that is needed is away: the order still waits, and whoever asks again in time finishes it.
    """
    known = db.get(Order, order_id)
    if known is None:
        raise NotFound(f"no order {order_id}")
    if known.state == "placed" and known.answer is not None:
        return known.answer
    order = take_over(db, order_id, instance, now, "awaiting_customer") if known.state == "awaiting_customer" else None
    if order is None or order.state != "awaiting_customer":
        raise IllegalTransition(f"the order is {known.state}")
    return _finish(Drive(order, db, call, now))


def _finish(drive: Drive) -> PlacedOrder:
    order = drive.order
    assert order.awaiting is not None and order.inputs is not None
    drive.all_begun()
    owners = {steps.STOCK_OWNERS[line.fulfilment] for line in order.awaiting.lines}
    try:
        authorization = steps.confirm_authorization(drive.call, order.order_id)
        return drive.complete(order.awaiting, order.inputs, authorization, owners)
    except BoutiqueError as error:
        if error.retryable:  # the customer has authenticated: that is not thrown away because somebody is away
            release_lease(drive.db, order)
            raise
        raise drive.backward(error) from error
