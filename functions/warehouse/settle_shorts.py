"""Every minute: ask again about short picks without an answer, and whether stock has come for back-orders."""

from datetime import datetime
from functools import partial

from functions.warehouse.reallocation import ask
from functions.warehouse.shipment import Shipment
from functions.warehouse.short import Short
from shared.calls.port import Calls
from shared.storage import Database, Transaction


def settle_shorts(db: Database, call: Calls, now: datetime) -> None:
    """Ask about up to 100 of each; those without an answer wait for the next run."""
    for short in db.query(Short, state="asking", order_by="ask_at").items:
        ask(db, call, short, now)
    for waiting in db.query(Short, state="backordered", order_by="ask_at", until=now).items:
        begun = db.transact(partial(_begin, short_id=waiting.short_id))
        if begun is not None:
            ask(db, call, begun, now)


def _begin(tx: Transaction, short_id: str) -> Short | None:
    """Write down that a back-order is being asked about, so that nothing stops it meanwhile; None if nobody waits."""
    short = tx.get(Short, short_id)
    if short is None or short.state != "backordered":
        return None
    holder = tx.get(Shipment, short.holder)
    if holder is None or holder.status != "planned":
        short.state = "settled"
        tx.put(short)
        return None
    short.state = "asking"
    holder.asking = 1
    tx.put(short)
    tx.put(holder)
    return short
