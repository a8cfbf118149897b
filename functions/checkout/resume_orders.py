"""Every minute, and at start: drive on what a dead process left, and undo what the customer never authenticated."""

import logging
from datetime import datetime

from functions.checkout.ending import take_over
from functions.checkout.order import Order
from functions.checkout.saga import Drive
from shared.calls import Calls
from shared.errors import BoutiqueError, ReservationExpired
from shared.http.models import Answer
from shared.storage import Database
from shared.storage.instances import Instance

log = logging.getLogger(__name__)


class Resumed(Answer):
    """How many sagas were driven to an end."""

    resumed: int


def resume_orders(db: Database, call: Calls, now: datetime, instance: Instance) -> Resumed:
    """Take over sagas whose driver is gone. One that fails again is left to the next run."""
    resumed = 0
    for state in ("undoing", "running"):
        for order in db.query(Order, state=state, order_by="created_at", limit=200).items:
            resumed += _resume(order.order_id, db, call, now, instance)
    for order in db.query(Order, state="awaiting_customer", order_by="created_at", limit=200).items:
        if order.expires_at is not None and order.expires_at <= now:
            resumed += _expire(order.order_id, db, call, now, instance)
    return Resumed(resumed=resumed)


def _resume(order_id: str, db: Database, call: Calls, now: datetime, instance: Instance) -> bool:
    try:
        order = take_over(db, order_id, instance, now)
        if order is None:
            return False
        drive = Drive(order, db, call, now)
        drive.all_begun()
        if order.state == "undoing":
            drive.finish_undo()
        else:
            drive.forward()
    except BoutiqueError as outcome:
        log.info("resumed %s: %s", order_id, outcome.code)
        return not outcome.retryable
    return True


def _expire(order_id: str, db: Database, call: Calls, now: datetime, instance: Instance) -> bool:
    try:
        order = take_over(db, order_id, instance, now, "awaiting_customer")
        if order is None:
            return False
        drive = Drive(order, db, call, now)
        drive.all_begun()
        drive.backward(ReservationExpired("the payment was not authenticated in time"))
    except BoutiqueError as outcome:
        log.info("expired %s: %s", order_id, outcome.code)
        return False
    return True
