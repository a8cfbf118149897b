"""POST /orders: place an order; the same Idempotency-Key always gives the same order."""

from datetime import datetime

from functions.checkout.basket import PlaceOrder
from functions.checkout.ending import take_over
from functions.checkout.order import Order, PlacedOrder
from functions.checkout.saga import Drive
from shared.calls import Calls
from shared.errors import CardNumberRefused, InProgress
from shared.http.models import Caller, Receipt
from shared.storage import Database, Transaction
from shared.storage.instances import Instance
from shared.values.identifiers import new_id

CHANNELS = {"gke-checkout": "web", "operator": "desk"}
"""The way an order came in, by who sent it."""


def place_order(
    command: PlaceOrder,
    db: Database,
    call: Calls,
    caller: Caller,
    receipt: Receipt,
    now: datetime,
    instance: Instance,
) -> PlacedOrder:
    """Place an order, or go on with the one that this key began.

    Refusals: 402 payment_declined, payment_refused; 403 customer_blocked; 409 out_of_stock, price_changed,
    reservation_expired, slot_taken; 422 unknown_sku, currency_not_accepted, card_number_refused. 409 in_progress
    while the outcome is unknown; 503 when it was undone for a technical reason.
    """
    if receipt.subject:
        drive = _resumed(receipt.subject, db, call, now, instance)
    elif command.holds_card_number:
        raise CardNumberRefused  # before the plan is written: a card number is kept nowhere
    else:
        order = Order(
            order_id=new_id("ord", now),
            request=command,
            receipt=receipt.token,
            channel=CHANNELS.get(caller.name),
            created_at=now,
            owner=instance.id,
            leased_at=now,
            currency=command.currency,
        )
        db.transact(lambda tx: _plan(tx, order, receipt))
        drive = Drive(order, db, call, now)
    placed = drive.forward()
    receipt.recorded = True
    return placed


def _plan(tx: Transaction, order: Order, receipt: Receipt) -> None:
    receipt.begin(tx, order.order_id)
    tx.create(order)


def _resumed(order_id: str, db: Database, call: Calls, now: datetime, instance: Instance) -> Drive:
    order = take_over(db, order_id, instance, now)
    if order is None:
        raise InProgress("the order has just been decided; ask again")
    drive = Drive(order, db, call, now)
    drive.all_begun()
    if order.state == "undoing":
        drive.finish_undo()
        raise InProgress("the order was undone; ask again")
    return drive
