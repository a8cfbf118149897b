"""Returning: pieces that a customer sent back are on hand again, at the cost with which they left.

Of pieces that left together at a cost that doesn't divide, those that come back first take their share by largest
remainder, the last ones all that is left: if all come back, exactly what left comes back.
"""

from collections import Counter
from datetime import datetime

from shared.errors import Undeliverable
from shared.events.inventory import ReturnedStockLine, StockState
from shared.events.shipment import ShipmentReturned
from shared.stock.goods import Goods
from shared.stock.ledger import Ledger, R
from shared.stock.movements import SELLABLE, Movement, movement_key, record
from shared.stock.reservations import Reservation
from shared.stock.stock import unit_costs
from shared.storage import Transaction
from shared.telemetry.about import KEPT, note_effect
from shared.values.money import Money

Came = Counter[tuple[str, str, str, StockState]]
"""Pieces that came back: shipment with which they left, SKU, location and state in which they are now."""


def take_back(tx: Transaction, ledger: Ledger[R], event: ShipmentReturned, now: datetime) -> None:
    """Put a return's pieces on hand, once; those whose dispatch was not heard of yet wait in the reservation.

    Undeliverable for an order without reservation here, an unknown location, or more pieces than left.
    """
    came = _own(ledger, event)
    if not came:
        return
    reservation = tx.get(ledger.reservation, event.order_id)
    if reservation is None:
        raise Undeliverable(f"{event.return_id}: {event.order_id} has no reservation")
    amendments = reservation.amended()
    waiting = [ShipmentReturned.model_validate(each).return_id for each in amendments.early_returns]
    if event.return_id in (*amendments.returns, *waiting):
        return
    if {shipment_id for shipment_id, *_ in came} - set(reservation.shipments):
        amendments.early_returns.append(event.model_dump(mode="json", exclude_none=True))
        note_effect(KEPT)
    else:
        _put_back(tx, ledger, reservation, event, came, now)
    tx.put(reservation)


def take_early_returns(tx: Transaction, ledger: Ledger[R], reservation: R, now: datetime) -> None:
    """Put back what came before its dispatch was heard of, as far as it now is; writes the reservation."""
    amendments = reservation.amended()
    early, amendments.early_returns = amendments.early_returns, []
    for data in early:
        event = ShipmentReturned.model_validate(data)
        came = _own(ledger, event)
        if {shipment_id for shipment_id, *_ in came} <= set(reservation.shipments):
            _put_back(tx, ledger, reservation, event, came, now)
        else:
            amendments.early_returns.append(data)
    tx.put(reservation)


def _own(ledger: Ledger[R], event: ShipmentReturned) -> Came:
    came: Came = Counter()
    for line in event.lines:
        if line.fulfilment == ledger.fulfilment:
            state: StockState = SELLABLE if line.disposition == "restock" else "quarantine"
            came[line.shipment_id, line.sku, line.location, state] += line.quantity
            if line.location not in ledger.locations:
                raise Undeliverable(f"{event.return_id}: {line.location} is no location of ours")
    return came


def _put_back(
    tx: Transaction, ledger: Ledger[R], reservation: Reservation, event: ShipmentReturned, came: Came, now: datetime
) -> None:
    lines = []
    for (shipment_id, sku, location, state), quantity in came.items():
        left = _left_with(tx, ledger, event, shipment_id, sku)
        cost = _cost(reservation, event, left, quantity)
        Goods(tx, ledger, sku).put(location, state, quantity, cost)
        record(tx, "return", f"{event.return_id}.{shipment_id}", (sku, location, state), quantity, cost, now)
        lines += [
            ReturnedStockLine(sku=sku, location=location, quantity=pieces, unit_cost=each, state=state)
            for pieces, each in unit_costs(cost, quantity)
        ]
    reservation.amended().returns.append(event.return_id)
    tx.emit(ledger.returned(order_id=event.order_id, return_id=event.return_id, lines=tuple(lines)), now)


def _left_with(tx: Transaction, ledger: Ledger[R], event: ShipmentReturned, shipment_id: str, sku: str) -> Movement:
    """Return the movement with which pieces left: a shipment leaves from one location."""
    for location in ledger.locations:
        movement = tx.get(Movement, movement_key(shipment_id, sku, location))
        if movement is not None:
            return movement
    raise Undeliverable(f"{event.return_id}: no {sku} left with {shipment_id}")


def _cost(reservation: Reservation, event: ShipmentReturned, left: Movement, quantity: int) -> Money:
    """Return what the next pieces of a movement had cost, and note them as returned."""
    returned = reservation.amended().returned
    before, all_pieces = returned.get(left.key, 0), -left.delta
    if before + quantity > all_pieces:
        raise Undeliverable(
            f"{event.return_id}: {before} of {all_pieces} {left.sku} of {left.cause} are back, no {quantity} more"
        )
    returned[left.key] = before + quantity
    whole = Money(left.currency, -left.value_minor)
    shares = [whole.apportion([count, all_pieces - count])[0] for count in (before, before + quantity)]
    return shares[1] - shares[0]
