"""How a refund goes: claim what it takes of captures, ask the gateway for each part, write the result."""

from collections.abc import Callable, Mapping
from datetime import datetime

from functions.payment.capture import Capture
from functions.payment.gateway import Gateway
from functions.payment.prepayment import TAKEN_ELSEWHERE
from functions.payment.refund import NOT_CAPTURED, Refund, RefundPart, ended, failed, spread
from shared.errors import Unavailable
from shared.storage import Database, Transaction


def claim(tx: Transaction, refund: Refund, now: datetime) -> Refund:
    """Claim what a refund takes of captures, so that no other takes it; without enough it fails. Writes and returns it.

    Unavailable while a returned shipment is not heard of here, or is being captured.
    """
    captures = _captures(tx, refund)
    elsewhere = any(each.prepaid for each in captures)
    parts = None if elsewhere else spread(refund.amount_minor, refund.wanted, captures)
    if parts is None:
        refund, event = failed(refund, TAKEN_ELSEWHERE if elsewhere else NOT_CAPTURED, now)
        if event is not None:
            tx.emit(event, now)
    else:
        refund = refund.model_copy(update={"parts": parts, "state": "refunding"})
        _note(tx, {each.shipment_id: each for each in captures}, parts)
    tx.put(refund)
    return refund


def _captures(tx: Transaction, refund: Refund) -> list[Capture]:
    """Return the captures of the returned shipments, then the order's others, each got by its key."""
    found = []
    for shipment_id in refund.wanted:
        capture = tx.get(Capture, shipment_id)
        if capture is None or capture.state == "capturing":
            raise Unavailable(f"shipment {shipment_id} is not captured yet")
        found.append(capture)
    others = tx.query(Capture, order_id=refund.order_id, order_by="asked_at").items
    again = [tx.get(Capture, each.shipment_id) for each in others if each.shipment_id not in refund.wanted]
    return [*found, *(capture for capture in again if capture is not None)]


def _note(tx: Transaction, captures: Mapping[str, Capture], parts: tuple[RefundPart, ...]) -> None:
    for part in parts:
        capture = captures[part.shipment_id]
        tx.put(capture.model_copy(update={"refunded_minor": capture.refunded_minor + part.amount_minor}))


def finish_refund(
    db: Database, gateway: Gateway, refund: Refund, now: datetime, also: Callable[[Transaction], None] | None = None
) -> Refund:
    """Give back the parts of a refund in state `refunding` and write the result; `also` is written with it.

    GatewayError with the intent standing when the gateway gives no answer: a repeat asks under the same keys.
    """
    given: dict[str, str | None] = {}
    for part in refund.parts:
        if not part.refunded:
            outcome = gateway.refund(refund.key(part), part.capture_key, refund.money(part), now)
            code = None if outcome.status == "refunded" else outcome.decline_code or "generic_decline"
            given[part.shipment_id] = code

    def work(tx: Transaction) -> Refund:
        current = tx.get(Refund, refund.return_id)
        assert current is not None  # refunds are never deleted
        if current.state == "refunding" and current.attempts == refund.attempts:
            current, event = ended(current, given, now)
            tx.put(current)
            if event is not None:
                tx.emit(event, now)
        if also:
            also(tx)
        return current

    return db.transact(work)


def retry_refund(db: Database, gateway: Gateway, return_id: str, now: datetime) -> Refund:
    """Ask for a failed or owed refund once more, under new keys; whatever else it is stays as it is.

    GatewayError with the intent standing, Unavailable while a shipment is being captured.
    """

    def intend(tx: Transaction) -> Refund:
        current = tx.get(Refund, return_id)
        assert current is not None  # refunds are never deleted
        if current.state not in ("failed", "owed"):
            return current
        current = current.model_copy(update={"attempts": current.attempts + 1, "asked_at": now})
        if not current.parts:
            return claim(tx, current, now)
        current = current.model_copy(update={"state": "refunding"})
        tx.put(current)
        return current

    refund = db.transact(intend)
    return finish_refund(db, gateway, refund, now) if refund.state == "refunding" else refund
