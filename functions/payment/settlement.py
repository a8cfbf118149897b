"""What follows an intent: ask the gateway under the derived key, then write the result; repeats and sweeps do the same.

Each returns the document as it stands after, and raises GatewayError with the intent still standing when the gateway
gave no answer. Whoever comes second finds the result and changes nothing.
"""

from collections.abc import Callable
from datetime import datetime

from functions.payment.authorization import Authorization, authorize_key, released, settled, void_key
from functions.payment.capture import Capture, ended
from functions.payment.gateway import Gateway, GatewayError, Outcome
from shared.events.envelope import Event
from shared.storage import Database, Transaction

Step = Callable[[Authorization, Outcome, datetime], tuple[Authorization, Event | None]]


def record_outcome(
    db: Database, order_id: str, outcome: Outcome, now: datetime, waiting: tuple[str, ...] = ("asking", "open")
) -> Authorization:
    """Write how an authorization ended, unless it waits no more: a void that came between is not undone."""
    return db.transact(lambda tx: _apply(tx, order_id, settled, outcome, now, waiting))


def reopen(db: Database, order_id: str) -> Authorization:
    """Note that the gateway did nothing: the same order may be authorized again or voided."""

    def work(tx: Transaction) -> Authorization:
        authorization = existing(tx, order_id)
        if authorization.state == "asking":
            authorization = authorization.changed("open")
            tx.put(authorization)
        return authorization

    return db.transact(work)


def finish_void(db: Database, gateway: Gateway, authorization: Authorization, now: datetime) -> Authorization:
    """Release what is held for an order in state `voiding`.

    It stays so while nobody knows whether anything is held, and while part of it is being captured.
    """
    order_id = authorization.order_id
    if authorization.capturing_minor:
        return authorization
    if authorization.authorized_at is None and gateway.outcome(authorize_key(order_id), now).status == "unknown":
        return authorization
    outcome = gateway.void(void_key(order_id), authorization.key, now)
    return db.transact(lambda tx: _apply(tx, order_id, released, outcome, now, ("voiding",)))


def finish_capture(
    db: Database, gateway: Gateway, capture: Capture, now: datetime, also: Callable[[Transaction], None] | None = None
) -> Capture:
    """Take a capture's amount and write the result; `also` is written in the same transaction.

    If nothing else is to be captured, the rest is voided at once, or by the sweep.
    """
    outcome = gateway.capture(capture.key, capture.authorization_key, capture.amount, now)

    def work(tx: Transaction) -> tuple[Capture, Authorization]:
        current, authorization = tx.get(Capture, capture.shipment_id), existing(tx, capture.order_id)
        assert current is not None  # captures are never deleted
        if current.state == "capturing" and current.attempts == capture.attempts:
            current, authorization, event = ended(current, authorization, outcome, now)
            tx.put(current)
            tx.put(authorization)
            if event is not None:
                tx.emit(event, now)
        if also:
            also(tx)
        return current, authorization

    current, authorization = db.transact(work)
    if authorization.state == "voiding":
        void_soon(db, gateway, authorization, now)
    return current


def void_soon(db: Database, gateway: Gateway, authorization: Authorization, now: datetime) -> Authorization:
    """Release what an intent says is to be released; if the gateway is silent, the sweep does."""
    try:
        return finish_void(db, gateway, authorization, now)
    except GatewayError:
        return authorization


def _apply(
    tx: Transaction, order_id: str, step: Step, outcome: Outcome, now: datetime, waiting: tuple[str, ...]
) -> Authorization:
    authorization = existing(tx, order_id)
    if authorization.state not in waiting:
        return authorization
    after, event = step(authorization, outcome, now)
    tx.put(after)
    if event is not None:
        tx.emit(event, now)
    return after


def existing(tx: Transaction, order_id: str) -> Authorization:
    """Return an authorization that is known to exist: authorizations are never deleted."""
    authorization = tx.get(Authorization, order_id)
    assert authorization is not None
    return authorization
