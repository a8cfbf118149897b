"""Shipping: held pieces leave with a shipment, at their exact cost.

An unknown reservation is Undeliverable, not a reason to retry: goods are firm before `order.confirmed` is published
and a shipment follows that, so a dispatch can never come before its reservation; no retry would help, and the dead
letter keeps it for a replay. The same holds for a shipment of goods that are not held (any more).
"""

from collections.abc import Iterable
from datetime import datetime

from shared.errors import Undeliverable
from shared.events.inventory import CostedLine
from shared.events.shipment import ShipmentDispatched
from shared.stock.ledger import Ledger, R
from shared.stock.movements import SELLABLE, record
from shared.stock.reservations import Pick
from shared.stock.returning import take_early_returns
from shared.stock.skus import VALUATION_CURRENCY
from shared.stock.stock import Stock, stock_key, unit_costs
from shared.storage import Transaction
from shared.values.money import Money, total

Costs = list[tuple[int, Money]]


def ship(tx: Transaction, ledger: Ledger[R], shipment: ShipmentDispatched, now: datetime) -> None:
    """Take a shipment's pieces out of stock and reservation, once; other fulfilments are no concern of this ledger.

    Undeliverable for an order that holds nothing here, or for pieces or a location that it doesn't hold.
    """
    if shipment.fulfilment != ledger.fulfilment:
        return
    reservation = _reservation(tx, ledger, shipment)
    if shipment.shipment_id in reservation.shipments:
        return
    picks = reservation.held
    lines: list[CostedLine] = []
    for sku, quantity in _pieces(shipment).items():
        here = [pick for held, pick in picks if held == sku and pick.location == shipment.location]
        costs = _take(tx, shipment, sku, quantity, here)
        _record(tx, shipment, sku, costs, now)
        lines += _costed(sku, shipment.location, costs)
    reservation.shipments = [*reservation.shipments, shipment.shipment_id]
    reservation.state = "firm" if reservation.is_open else "committed"
    tx.put(reservation)
    tx.emit(ledger.committed(order_id=shipment.order_id, shipment_id=shipment.shipment_id, lines=tuple(lines)), now)
    if reservation.amendments and reservation.amendments.early_returns:
        take_early_returns(tx, ledger, reservation, now)


def _reservation(tx: Transaction, ledger: Ledger[R], shipment: ShipmentDispatched) -> R:
    reservation = tx.get(ledger.reservation, shipment.order_id)
    if reservation is None:
        raise Undeliverable(f"{shipment.shipment_id}: {shipment.order_id} has no reservation")
    return reservation


def _pieces(shipment: ShipmentDispatched) -> dict[str, int]:
    pieces: dict[str, int] = {}
    for line in shipment.lines:
        pieces[line.sku] = pieces.get(line.sku, 0) + line.quantity
    return pieces


def _take(tx: Transaction, shipment: ShipmentDispatched, sku: str, quantity: int, picks: Iterable[Pick]) -> Costs:
    wanted, costs = quantity, []
    for pick in picks:
        pieces = min(wanted, pick.quantity - pick.left)
        stock = tx.get(Stock, stock_key(sku, pick.shard))
        if pieces and stock is not None:
            costs += unit_costs(stock.ship(shipment.location, pieces), pieces)
            tx.put(stock)
            pick.left += pieces
            wanted -= pieces
    if wanted:
        held = f"{quantity - wanted} of {quantity} {sku}"
        raise Undeliverable(f"{shipment.shipment_id}: {shipment.order_id} holds {held} at {shipment.location}")
    return costs


def _record(tx: Transaction, shipment: ShipmentDispatched, sku: str, costs: Costs, now: datetime) -> None:
    where = (sku, shipment.location, SELLABLE)
    value = total([cost * pieces for pieces, cost in costs], VALUATION_CURRENCY)
    record(tx, "shipment", shipment.shipment_id, where, -sum(pieces for pieces, _ in costs), -value, now)


def _costed(sku: str, location: str, costs: Costs) -> list[CostedLine]:
    """One line per unit cost, so that quantity x unit cost sums to exactly what the stock lost in value."""
    pieces: dict[Money, int] = {}
    for count, cost in costs:
        pieces[cost] = pieces.get(cost, 0) + count
    return [CostedLine(sku=sku, location=location, quantity=count, unit_cost=cost) for cost, count in pieces.items()]
