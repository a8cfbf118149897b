"""Asking the owner of the goods what becomes of missing pieces: outside any transaction, under the short pick's id."""

import logging
from datetime import datetime
from functools import partial

from functions.warehouse.parcels import OWNERS
from functions.warehouse.short import Found, Reallocation, Short, settle
from shared.calls.port import Calls
from shared.errors import InProgress, NotFound, Refusal, Unavailable
from shared.storage import Database

log = logging.getLogger(__name__)


def ask(db: Database, call: Calls, short: Short, now: datetime) -> bool:
    """Ask what becomes of a short pick and write it down; False without an answer: a sweep asks again."""
    try:
        found = _reallocate(call, short)
    except (Unavailable, InProgress) as error:
        log.warning("%s stays unsettled: %s", short.short_id, error.code)
        return False
    db.transact(partial(settle, short_id=short.short_id, found=found, now=now))
    return True


def _reallocate(call: Calls, short: Short) -> Reallocation:
    """Ask; an owner that holds no such pieces for the order has none elsewhere either."""
    wanted = {
        "short_id": short.short_id,
        "shipment_id": short.shipment_id,
        "sku": short.sku,
        "location": short.location,
        "quantity": short.quantity,
    }
    path = f"/reservations/{short.order_id}/reallocate"
    try:
        return call.post(OWNERS[short.fulfilment], path, wanted, Reallocation)
    except (Refusal, NotFound) as error:
        log.warning("%s is refused by the owner of the goods: %s", short.short_id, error.code)
    moved = tuple(Found(location=location, quantity=quantity) for location, quantity in short.moved.items())
    return Reallocation(moved=moved, short=short.quantity - sum(short.moved.values()))
