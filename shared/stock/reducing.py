"""Reducing: an order gives up pieces that have not left; what was held for them is for sale again.

An unknown reservation is Undeliverable, as for shipments: an order is reduced only after it was placed.
"""

from collections import Counter
from datetime import datetime

from shared.errors import Undeliverable
from shared.events.order import OrderReduced
from shared.stock.amendments import Amendments, Short
from shared.stock.holding import stock_lines
from shared.stock.ledger import Ledger, R
from shared.stock.reservations import Ending, Reservation
from shared.stock.sharding import shard
from shared.storage import Transaction

Pieces = Counter[tuple[str, str]]
"""Pieces by SKU and location."""


def reduce(tx: Transaction, ledger: Ledger[R], event: OrderReduced, now: datetime) -> None:
    """Let go of the pieces that an order gave up, once per reduction; of pieces never found there is nothing to let go.

    A reduction named as a short pick gives up what that pick is still missing. Undeliverable for an order without
    reservation here, or for more than it holds or waits for.
    """
    wanted: Pieces = Counter()
    for line in event.lines:
        if line.fulfilment == ledger.fulfilment:
            wanted[line.sku, line.location] += line.quantity
    if not wanted:
        return
    reservation = tx.get(ledger.reservation, event.order_id)
    if reservation is None:
        raise Undeliverable(f"{event.reduction_id}: {event.order_id} has no reservation")
    amendments = reservation.amended()
    if event.reduction_id in amendments.reductions or reservation.state == "released":
        return
    amendments.reductions.append(event.reduction_id)
    freed = _give_up(tx, reservation, amendments, event, wanted)
    _settle(tx, ledger, reservation, event, now)
    if freed:
        lines = stock_lines((sku, place, pieces) for (sku, place), pieces in freed.items())
        tx.emit(ledger.released(order_id=event.order_id, lines=lines, reason="reduced"), now)


def _give_up(
    tx: Transaction, reservation: Reservation, amendments: Amendments, event: OrderReduced, wanted: Pieces
) -> Pieces:
    """Give up pieces that the order waits for at their location, then held ones, then others that it waits for.

    A back-order is the last of an order's shipments, and orders are reduced from the last shipment on. Returns what
    was held.
    """
    short = amendments.short(event.reduction_id)
    shorts = [short] if short else amendments.shorts
    wanted = _stop_waiting(shorts, wanted, anywhere=short is not None)
    freed: Pieces = Counter() if short else _let_go(tx, reservation, wanted)
    left = _stop_waiting(shorts, wanted - freed, anywhere=True)
    if left:
        (sku, location), quantity = next(iter(left.items()))
        raise Undeliverable(f"{event.reduction_id}: {event.order_id} has {quantity} {sku} at {location} too few")
    return freed


def _let_go(tx: Transaction, reservation: Reservation, wanted: Pieces) -> Pieces:
    """Let go of as many as are held; returns which."""
    freed: Pieces = Counter()
    for sku, pick in reservation.held:
        where = sku, pick.location
        pieces = min(wanted[where] - freed[where], pick.quantity - pick.left)
        if pieces > 0:
            stock = shard(tx, sku, pick.shard)
            stock.let_go(pick.location, pieces)
            tx.put(stock)
            pick.quantity -= pieces
            freed[where] += pieces
    reservation.drop_empty_picks()
    return +freed


def _stop_waiting(shorts: list[Short], wanted: Pieces, *, anywhere: bool) -> Pieces:
    """Drop pieces that the order waits for, those of the location itself or of any; returns what was not waited for."""
    left = Pieces(wanted)
    for sku, location in wanted:
        for short in shorts:
            if short.sku == sku and (anywhere or short.location == location):
                pieces = min(left[sku, location], short.missing)
                short.dropped += pieces
                left[sku, location] -= pieces
    return +left


def _settle(tx: Transaction, ledger: Ledger[R], reservation: R, event: OrderReduced, now: datetime) -> None:
    """End a reservation from which nothing more will leave."""
    ends = not reservation.is_open
    if ends and reservation.shipments:
        reservation.state = "committed"
    elif ends:
        reservation.ending = Ending(cause="reduced", detail=f"{event.reduction_id} took the last pieces", at=now)
        reservation.state = "released"
    tx.put(reservation)
    if reservation.state == "released":
        ledger.on_release(tx, reservation)
