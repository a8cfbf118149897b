"""The life of a reservation: opened, made firm, released, expired; every step is decided in one transaction."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from shared.errors import IllegalTransition, NotFound, ReservationExpired, StepCancelled
from shared.events.inventory import StockLine
from shared.events.order import OrderCancelled, OrderRejected
from shared.stock.allocation import Demand
from shared.stock.destinations import Destination, state_code
from shared.stock.ledger import Ledger, R
from shared.stock.reservations import HOLD, Cause, Ending, Pick, ReleaseAnswer, ReservedLine
from shared.stock.stock import Stock, stock_key
from shared.storage import Database, Transaction

_EXPIRED_AT_ONCE = 100
_EXPIRED_PER_RUN = 2_000


def earlier(tx: Transaction, ledger: Ledger[R], order_id: str, demand: Demand, now: datetime) -> R | None:
    """Return the reservation that this order has already, None if it has none yet.

    StepCancelled after a release, ReservationExpired after its time, IllegalTransition if it was for other goods.
    """
    found = tx.get(ledger.reservation, order_id)
    if found is None:
        return None
    if found.state == "released" and not (found.ending and found.ending.cause == "expired"):
        raise StepCancelled(f"the reservation of {order_id} was released")
    if found.state == "released" or (found.state == "pending" and found.expires_at <= now):
        raise ReservationExpired(f"the reservation of {order_id} ran out")
    if found.demand != dict(demand):
        raise IllegalTransition(f"{order_id} has a reservation of other goods")
    return found


def open_reservation(
    tx: Transaction,
    ledger: Ledger[R],
    order_id: str,
    lines: list[ReservedLine],
    now: datetime,
    *,
    firm: bool = False,
    **more: Any,
) -> R:
    """Write a reservation of drawn lines and publish it; `more` are fields of the ledger's own kind."""
    reservation = ledger.reservation(
        order_id=order_id,
        state="firm" if firm else "pending",
        reserved_at=now,
        expires_at=now + HOLD,
        lines=lines,
        **more,
    )
    tx.create(reservation)
    pieces = [(line.sku, pick.location, pick.quantity) for line in lines for pick in line.picks]
    tx.emit(ledger.reserved(order_id=order_id, lines=stock_lines(pieces)), now)
    return reservation


def destined(destination: Destination) -> dict[str, str]:
    """Return what a reservation keeps of its destination: enough to find the nearest location again."""
    return {"country": destination.country, "region": state_code(destination)}


def firm(db: Database, ledger: Ledger[R], order_id: str, now: datetime) -> R:
    """Lift a reservation's time limit. If that has passed, release it here and now; NotFound, ReservationExpired.

    Takes the database: the release must commit although the answer is a refusal.
    """
    reservation = db.transact(lambda tx: _firm(tx, ledger, order_id, now))
    if reservation.state == "released":
        raise ReservationExpired(f"the reservation of {order_id} was released")
    return reservation


def _firm(tx: Transaction, ledger: Ledger[R], order_id: str, now: datetime) -> R:
    reservation = tx.get(ledger.reservation, order_id)
    if reservation is None:
        raise NotFound(f"{order_id} has no reservation")
    if reservation.state == "pending":
        if reservation.expires_at <= now:
            return _end(tx, ledger, reservation, Ending(cause="expired", detail="firmed too late", at=now))
        reservation.state = "firm"
        tx.put(reservation)
    return reservation


def release(tx: Transaction, ledger: Ledger[R], order_id: str, cause: Cause, detail: str, now: datetime) -> R:
    """Give back what an order still holds. One that is unknown leaves a tombstone; one at its end stays as it is."""
    ending = Ending(cause=cause, detail=detail, at=now)
    reservation = tx.get(ledger.reservation, order_id)
    if reservation is None:
        tombstone = ledger.reservation(
            order_id=order_id, state="released", reserved_at=now, expires_at=now, ending=ending
        )
        tx.create(tombstone)
        return tombstone
    if reservation.state in ("pending", "firm"):
        return _end(tx, ledger, reservation, ending)
    return reservation


def release_for_caller(tx: Transaction, ledger: Ledger[R], order_id: str, reason: str, now: datetime) -> ReleaseAnswer:
    """Release as a caller asked; IllegalTransition once every piece has left with shipments."""
    if release(tx, ledger, order_id, "released", reason, now).state == "committed":
        raise IllegalTransition(f"the goods of {order_id} have left")
    return ReleaseAnswer(order_id=order_id)


def release_abandoned(tx: Transaction, ledger: Ledger[R], event: OrderRejected | OrderCancelled, now: datetime) -> None:
    """Release what an order holds that was rejected or cancelled; no error if that is nothing."""
    cause: Cause = "rejected" if isinstance(event, OrderRejected) else "cancelled"
    release(tx, ledger, event.order_id, cause, f"order {cause}", now)


def expire_due(db: Database, ledger: Ledger[R], now: datetime) -> None:
    """Release every pending reservation whose time is over, each in its own transaction, up to 2,000 a run."""
    for _ in range(_EXPIRED_PER_RUN // _EXPIRED_AT_ONCE):
        due = db.query(ledger.reservation, state="pending", order_by="expires_at", until=now, limit=_EXPIRED_AT_ONCE)
        for reservation in due.items:
            _expire(db, ledger, reservation.order_id, now)
        if due.next_cursor is None:
            return


def _expire(db: Database, ledger: Ledger[R], order_id: str, now: datetime) -> None:
    def work(tx: Transaction) -> None:
        reservation = tx.get(ledger.reservation, order_id)
        if reservation is not None and reservation.state == "pending" and reservation.expires_at <= now:
            _end(tx, ledger, reservation, Ending(cause="expired", detail="not paid in time", at=now))

    db.transact(work)


def _end(tx: Transaction, ledger: Ledger[R], reservation: R, ending: Ending) -> R:
    held = reservation.held
    _let_go(tx, held)
    reservation.state = "released"
    reservation.ending = ending
    tx.put(reservation)
    ledger.on_release(tx, reservation)
    lines = stock_lines((sku, pick.location, pick.quantity - pick.left) for sku, pick in held)
    tx.emit(ledger.released(order_id=reservation.order_id, lines=lines, reason=ending.cause), ending.at)
    return reservation


def _let_go(tx: Transaction, held: Iterable[tuple[str, Pick]]) -> None:
    for sku, pick in held:
        stock = tx.get(Stock, stock_key(sku, pick.shard))
        if stock is None:
            raise LookupError(f"stock {stock_key(sku, pick.shard)} is gone, though pieces of it are held")
        stock.let_go(pick.location, pick.quantity - pick.left)
        tx.put(stock)


def stock_lines(pieces: Iterable[tuple[str, str, int]]) -> tuple[StockLine, ...]:
    """Return an event's lines: pieces of several shards added up by SKU and location."""
    sums: dict[tuple[str, str], int] = {}
    for sku, location, quantity in pieces:
        sums[sku, location] = sums.get((sku, location), 0) + quantity
    return tuple(StockLine(sku=sku, location=place, quantity=count) for (sku, place), count in sums.items())
