"""POST /shipments/{shipment_id}/picks: what a picker found; missing pieces are looked for elsewhere."""

from datetime import datetime
from functools import partial

from pydantic import Field

from functions.warehouse.reallocation import ask
from functions.warehouse.reduction import pieces
from functions.warehouse.shipment import Shipment, ShipmentAnswer, shown
from functions.warehouse.short import IfUnavailable, Short
from shared.calls.port import Calls
from shared.errors import IllegalTransition, Invalid, NotFound
from shared.http.models import Command
from shared.storage import Database, Transaction
from shared.values.identifiers import ShipmentId, Sku


class PickedPieces(Command):
    """So many pieces of a SKU were found."""

    sku: Sku
    picked: int = Field(ge=0, le=100_000)


class PickShipment(Command):
    """Who picked what: every SKU of the shipment is named. Pieces that are nowhere are dropped or back-ordered."""

    by: str = Field(min_length=1, max_length=100)
    lines: list[PickedPieces] = Field(min_length=1, max_length=200)
    if_unavailable: IfUnavailable = "drop"


def pick_shipment(
    shipment_id: ShipmentId, command: PickShipment, db: Database, call: Calls, now: datetime
) -> ShipmentAnswer:
    """Confirm a pick, once; the same told again is answered again. IllegalTransition if there is nothing to pick.

    A shipment with missing pieces is `asking` until their owner has said whether they lie elsewhere; if it is silent, a
    sweep asks again.
    """
    for short in db.transact(partial(_intend, shipment_id=shipment_id, command=command, now=now)):
        ask(db, call, short, now)
    shipment = db.get(Shipment, shipment_id)
    assert shipment is not None  # or `_intend` had raised
    return shown(shipment)


def _intend(tx: Transaction, shipment_id: str, command: PickShipment, now: datetime) -> list[Short]:
    """Write down what was found, and the short picks to ask about."""
    shipment = tx.get(Shipment, shipment_id)
    if shipment is None:
        raise NotFound(f"no shipment {shipment_id}")
    picked: dict[str, int] = {}
    for each in command.lines:
        picked[each.sku] = picked.get(each.sku, 0) + each.picked
    if shipment.picked == picked:
        return []
    if shipment.status != "planned" or shipment.picked is not None or shipment.awaiting:
        raise IllegalTransition(f"shipment {shipment_id} is {_state(shipment)}: there is nothing to pick")
    missing = _missing(shipment, picked)
    shipment.picked, shipment.picked_by, shipment.picked_at = picked, command.by, now
    shipment.asking = len(missing)
    tx.put(shipment)
    shorts = [_short(shipment, command, each, now) for each in enumerate(missing.items(), start=1)]
    for short in shorts:
        tx.create(short)
    return shorts


def _state(shipment: Shipment) -> str:
    if shipment.picked is not None and shipment.status == "planned":
        return "picked already"
    return "waiting for goods" if shipment.awaiting else shipment.status


def _missing(shipment: Shipment, picked: dict[str, int]) -> dict[str, int]:
    planned = pieces([shipment])
    errors = [("lines", f"say how many of {sku} were found, 0 if none") for sku in planned if sku not in picked]
    errors += [
        ("lines", f"{planned.get(sku, 0)} of {sku} are to be picked, not {found}")
        for sku, found in picked.items()
        if found > planned.get(sku, 0) or sku not in planned
    ]
    if errors:
        raise Invalid(*errors)
    return {sku: planned[sku] - picked[sku] for sku in sorted(planned) if picked[sku] < planned[sku]}


def _short(shipment: Shipment, command: PickShipment, numbered: tuple[int, tuple[str, int]], now: datetime) -> Short:
    number, (sku, quantity) = numbered
    return Short(
        short_id=f"{shipment.shipment_id}-short-{number}",
        order_id=shipment.order_id,
        shipment_id=shipment.shipment_id,
        holder=shipment.shipment_id,
        fulfilment=shipment.fulfilment,
        location=shipment.location,
        sku=sku,
        quantity=quantity,
        if_unavailable=command.if_unavailable,
        by=command.by,
        ask_at=now,
    )
