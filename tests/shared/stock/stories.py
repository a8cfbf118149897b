"""What an order and its goods go through, as events and commands: short picks, reductions, returns."""

from datetime import datetime
from typing import Any

from shared.events.order import OrderReduced
from shared.events.shipment import ShipmentReturned
from shared.stock.commands import ReallocatePieces
from shared.stock.control_totals import control_totals
from shared.stock.holding import firm
from shared.stock.ledger import Ledger
from shared.stock.reallocating import Reallocation, reallocate
from shared.stock.reservations import Reservation
from shared.stock.shipping import ship
from shared.storage import Database
from tests.shared.stock.examples import MUG, NEW_YORK, NEWARK, dispatched, reserved

NOTHING = {"currency": "USD", "amount": "0.00"}
_AMOUNTS = {"net": NOTHING, "tax": NOTHING, "tax_rate": "0"}
_SUMS = dict.fromkeys(("shipping_net", "shipping_tax", "total"), NOTHING)


def firm_order(db: Database, book: Ledger[Reservation], order_id: str, pieces: dict[str, int], now: datetime) -> None:
    """Reserve for New York and make it firm."""
    reserved(db, book, order_id, pieces, now, NEW_YORK)
    firm(db, book, order_id, now)


def leaves(
    db: Database,
    book: Ledger[Reservation],
    now: datetime,
    shipment_id: str = "shp_1",
    location: str = NEWARK,
    **pieces: int,
) -> None:
    """Dispatch pieces of ord_1."""
    event = dispatched("ord_1", shipment_id, location, pieces)
    db.transact(lambda tx: ship(tx, book, event, now))


def short_pick(db: Database, book: Ledger[Reservation], now: datetime, **changed: Any) -> Reallocation:
    """Ask as warehouse does: pieces of ord_1 were not found in Newark."""
    body = {"short_id": "sho_1", "shipment_id": "shp_1", "sku": MUG, "location": NEWARK, "quantity": 2} | changed
    command = ReallocatePieces.model_validate(body)
    return db.transact(lambda tx: reallocate(tx, book, "ord_1", command, "warehouse", now))


def reduction(reduction_id: str, *lines: tuple[str, str, int], **changed: Any) -> OrderReduced:
    """Return the event that ord_1 gives up (SKU, location, pieces)."""
    parts = [
        {"shipment_id": "shp_1", "location": place, "fulfilment": "parcel", "sku": sku, "name": sku, "quantity": count}
        | _AMOUNTS
        | changed
        for sku, place, count in lines
    ]
    body = {"order_id": "ord_1", "reduction_id": reduction_id, "by": "ann", "reason": "changed mind", "lines": parts}
    return OrderReduced.model_validate(body | _SUMS)


def came_back(return_id: str, *lines: tuple[str, int, str], **changed: Any) -> ShipmentReturned:
    """Return the event that (SKU, pieces, disposition) of shp_1 came back to Newark."""
    parts = [
        {"shipment_id": "shp_1", "fulfilment": "parcel", "sku": sku, "name": sku, "quantity": count}
        | _AMOUNTS
        | {"location": NEWARK, "disposition": disposition}
        | changed
        for sku, count, disposition in lines
    ]
    body = {"order_id": "ord_1", "return_id": return_id, "customer_id": "cus_1", "lines": parts}
    return ShipmentReturned.model_validate(body | _SUMS | {"goods_net": NOTHING, "goods_tax": NOTHING})


def unexplained(db: Database, book: Ledger[Reservation], now: datetime) -> dict[str, int]:
    """Return what the control totals find wrong: nothing, when all is right."""
    totals = control_totals(db, book, now).totals
    return {name: total for name, total in totals.items() if name.endswith("unexplained") and total}
