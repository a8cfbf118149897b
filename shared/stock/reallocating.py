"""Reallocating: pieces that were not found where they should lie are written off there and found elsewhere.

The missing pieces leave the books of their location as a count difference, and the order gets pieces of the nearest
other locations that have some. Asked again by the same `short_id`, what was found stays found, nothing is written off
twice, and pieces still missing are looked for again: that is how a back-order asks whether stock has come.
"""

from datetime import datetime

from shared.errors import IllegalTransition, NotFound
from shared.events.inventory import AdjustedLine
from shared.http.models import Answer
from shared.stock.allocation import as_much
from shared.stock.amendments import Short
from shared.stock.commands import ReallocatePieces
from shared.stock.destinations import nearest
from shared.stock.drawing import hold
from shared.stock.holding import stock_lines
from shared.stock.ledger import Ledger, R
from shared.stock.movements import SELLABLE, record
from shared.stock.reservations import Pick, Reservation
from shared.stock.sharding import all_shards, shard
from shared.stock.skus import VALUATION_CURRENCY
from shared.storage import Transaction
from shared.values.identifiers import OrderId
from shared.values.money import Money

REASON = "short_pick"


class FoundPieces(Answer):
    """Pieces of the short SKU that are now held for the order at another location."""

    location: str
    quantity: int


class Reallocation(Answer):
    """What became of a short pick so far: `moved` pieces were found elsewhere, `short` pieces were not."""

    order_id: OrderId
    short_id: str
    moved: list[FoundPieces]
    short: int


def reallocate(
    tx: Transaction, ledger: Ledger[R], order_id: str, command: ReallocatePieces, by: str, now: datetime
) -> Reallocation:
    """Write missing pieces off and hold others; NotFound, IllegalTransition if the order doesn't hold so many there."""
    reservation = tx.get(ledger.reservation, order_id)
    if reservation is None:
        raise NotFound(f"{order_id} has no reservation")
    short = reservation.amendments.short(command.short_id) if reservation.amendments else None
    if short is None:
        short = _write_off(tx, ledger, reservation, command, by, now)
        reservation.amended().shorts.append(short)
    elif (short.sku, short.location, short.quantity) != (command.sku, command.location, command.quantity):
        raise IllegalTransition(f"{command.short_id} was of {short.quantity} {short.sku} at {short.location}")
    if short.missing and reservation.state == "firm":
        _find(tx, ledger, reservation, short, now)
        tx.put(reservation)
    moved = [FoundPieces(location=place, quantity=pieces) for place, pieces in short.moved.items()]
    return Reallocation(order_id=order_id, short_id=short.short_id, moved=moved, short=short.missing)


def _write_off(
    tx: Transaction, ledger: Ledger[R], reservation: R, command: ReallocatePieces, by: str, now: datetime
) -> Short:
    picks = _held_there(reservation, command.sku, command.location)
    held = sum(pick.quantity - pick.left for pick in picks)
    if reservation.state != "firm" or held < command.quantity:
        raise IllegalTransition(f"{reservation.order_id} holds {held} {command.sku} at {command.location}")
    value, wanted = Money.zero(VALUATION_CURRENCY), command.quantity
    for pick in picks:
        pieces = min(wanted, pick.quantity - pick.left)
        if pieces:
            stock = shard(tx, command.sku, pick.shard)
            value += stock.ship(command.location, pieces)
            tx.put(stock)
            pick.quantity -= pieces
            wanted -= pieces
    reservation.drop_empty_picks()
    record(
        tx, "adjustment", command.short_id, (command.sku, command.location, SELLABLE), -command.quantity, -value, now
    )
    lost = stock_lines([(command.sku, command.location, command.quantity)])
    tx.emit(ledger.released(order_id=reservation.order_id, lines=lost, reason=REASON), now)
    line = AdjustedLine(sku=command.sku, location=command.location, delta=-command.quantity, value=-value)
    tx.emit(ledger.adjusted(adjustment_id=f"adj_{command.short_id}", by=by, reason=REASON, lines=(line,)), now)
    return Short(
        short_id=command.short_id,
        shipment_id=command.shipment_id,
        sku=command.sku,
        location=command.location,
        quantity=command.quantity,
    )


def _held_there(reservation: Reservation, sku: str, location: str) -> list[Pick]:
    return [pick for held, pick in reservation.held if held == sku and pick.location == location]


def _find(tx: Transaction, ledger: Ledger[R], reservation: R, short: Short, now: datetime) -> None:
    """Hold what other locations have, the nearest to the order's destination first."""
    stocks = all_shards(tx, ledger, short.sku)
    near = nearest(reservation.country, reservation.region) if reservation.country else ledger.locations
    places = [place for place in near if place in ledger.locations and place != short.location]
    available = {place: sum(max(0, stock.available(place)) for stock in stocks) for place in places}
    chosen = as_much(short.missing, available, places)
    if not chosen:
        return
    line = next(each for each in reservation.lines if each.sku == short.sku)
    line.picks += hold(tx, chosen, stocks)
    for place, pieces in chosen.items():
        short.moved[place] = short.moved.get(place, 0) + pieces
    found = stock_lines((short.sku, place, pieces) for place, pieces in chosen.items())
    tx.emit(ledger.reserved(order_id=reservation.order_id, lines=found), now)
