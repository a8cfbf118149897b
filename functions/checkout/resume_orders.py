"""Every minute, and at start: drive on what a dead process left, and undo what the customer never authenticated."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial

from functions.checkout.ending import take_over
from functions.checkout.order import Order
from functions.checkout.saga import Drive
from shared.calls import Calls
from shared.errors import BoutiqueError, ReservationExpired
from shared.http.models import Answer
from shared.storage import Database
from shared.storage.instances import Instance

log = logging.getLogger(__name__)
AT_ONCE = 200


class Resumed(Answer):
    """How many sagas were driven to an end."""

    resumed: int


def resume_orders(db: Database, call: Calls, now: datetime, instance: Instance) -> Resumed:
    """Take over sagas whose driver is gone. One that fails again is left to the next run and keeps no other waiting."""
    resumed = 0
    for state in ("undoing", "running"):
        for order in db.query(Order, state=state, order_by="created_at", limit=AT_ONCE).items:
            resumed += _try(order.order_id, partial(_resume, order.order_id, db, call, now, instance))
    for order in db.query(Order, state="awaiting_customer", order_by="created_at", limit=AT_ONCE).items:
        if order.expires_at is not None and order.expires_at <= now:
            resumed += _try(order.order_id, partial(_expire, order.order_id, db, call, now, instance))
    return Resumed(resumed=resumed)


def _try(order_id: str, drive_on: Callable[[], bool]) -> bool:
    try:
        return drive_on()
    except BoutiqueError as outcome:
        log.info("%s: %s", order_id, outcome.code)
        return not outcome.retryable
    except Exception:
        log.exception("%s could not be driven on", order_id)
        return False


def _resume(order_id: str, db: Database, call: Calls, now: datetime, instance: Instance) -> bool:
    order = take_over(db, order_id, instance, now)
    if order is None:
        return False
    drive = Drive(order, db, call, now)
    drive.all_begun()
    if order.state == "undoing":
        drive.finish_undo()
    else:
        drive.forward()
    return True


def _expire(order_id: str, db: Database, call: Calls, now: datetime, instance: Instance) -> bool:
    order = take_over(db, order_id, instance, now, "awaiting_customer")
    if order is None:
        return False
    drive = Drive(order, db, call, now)
    drive.all_begun()
    drive.backward(ReservationExpired("the payment was not authenticated in time"))
    return True
