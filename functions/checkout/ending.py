"""How a saga begins and ends.

Each ending is one transaction that holds the order, its event and the answer under the caller's key.
"""

from datetime import datetime

from functions.checkout.order import AnsweredLine, Failure, Order, PaymentState, PlacedOrder
from functions.checkout.views import AuthorizationView
from shared.errors import InProgress
from shared.events.order import OrderActionRequired, OrderConfirmed, OrderHeld, OrderRefused
from shared.events.priced_order import FraudInputs, OrderTotals, PricedOrder
from shared.http.records import receipt_of
from shared.storage import Database, Transaction
from shared.storage.instances import Instance

CREATED = 201


def take_over(db: Database, order_id: str, instance: Instance, now: datetime, state: str = "") -> Order | None:
    """Take a saga that nobody drives, under the next fencing number; None if it ended, InProgress if somebody does."""

    def work(tx: Transaction) -> Order | None:
        order = tx.get(Order, order_id)
        if order is None or order.state not in ("running", "undoing", state):
            return None
        if not order.is_free(instance, now):
            raise InProgress("the order is being placed; ask again")
        order.attempt += 1
        order.owner, order.leased_at = instance.id, now
        tx.put(order)
        return order

    return db.transact(work)


def fenced(tx: Transaction, order: Order) -> Order:
    """Return the stored order if this attempt still drives it; InProgress if another took over or it is decided.

    An attempt that may have ended it itself, by a commit of unknown outcome, finds it decided, too.
    """
    stored = tx.get(Order, order.order_id)
    undecided = stored is not None and stored.state == order.state and order.state in ("running", "awaiting_customer")
    if stored is None or not undecided or stored.attempt != order.attempt:
        raise InProgress("another process drives this order; ask again")
    return stored


def commit_placed(
    db: Database, order: Order, placed: PricedOrder, inputs: FraudInputs, authorized_until: datetime, now: datetime
) -> PlacedOrder:
    """Decide forward: the order is placed, confirmed or held, and its event is in the outbox."""
    held = placed.fraud.decision == "review"
    answer = answered(placed, "held" if held else "confirmed")
    placed = placed.model_copy(update={"placed_at": now})

    def work(tx: Transaction) -> None:
        stored = fenced(tx, order)
        if held:
            event = OrderHeld(
                order_id=order.order_id, order=placed, fraud_inputs=inputs, authorization_expires_at=authorized_until
            )
            tx.emit(event, now)
        else:
            tx.emit(OrderConfirmed(order_id=order.order_id, order=placed), now)
        if stored.state == "running":
            receipt_of(stored.receipt, CREATED, now).record(tx, answer)
        _end(stored, "placed")
        stored.answer, stored.placed_at, stored.total_minor = answer, now, placed.total.minor
        stored.fraud, stored.awaiting = placed.fraud, None
        tx.put(stored)

    db.transact(work)
    return answer


def await_customer(
    db: Database,
    order: Order,
    placed: PricedOrder,
    inputs: FraudInputs,
    authorization: AuthorizationView,
    expires_at: datetime,
    now: datetime,
) -> PlacedOrder:
    """Answer `requires_action`: the goods stay reserved until they expire, the customer authenticates meanwhile."""
    answer = answered(placed, "requires_action", authorization.next_action)

    def work(tx: Transaction) -> None:
        stored = fenced(tx, order)
        tx.emit(OrderActionRequired(order_id=order.order_id, order=placed), now)
        receipt_of(stored.receipt, CREATED, now).record(tx, answer)
        _end(stored, "awaiting_customer")
        stored.answer, stored.awaiting, stored.inputs = answer, placed, inputs
        stored.fraud, stored.expires_at = placed.fraud, expires_at
        tx.put(stored)

    db.transact(work)
    return answer


def decide_undo(db: Database, order: Order, failure: Failure, now: datetime, *, finish: bool) -> Order:
    """Decide to undo, once; with nothing begun the saga ends in the same transaction."""

    def work(tx: Transaction) -> Order:
        stored = fenced(tx, order)
        was_awaited = stored.state == "awaiting_customer"
        stored.failure, stored.fraud, stored.action_was_required = failure, order.fraud or stored.fraud, was_awaited
        stored.state = "undoing"
        if finish:
            _refuse(tx, stored, now)
        tx.put(stored)
        return stored

    return db.transact(work)


def finish_undo(db: Database, order: Order, now: datetime) -> Order:
    """End an undone saga: refused, its event in the outbox, the answer stored, or its key cleared after a 503."""

    def work(tx: Transaction) -> Order:
        stored = tx.get(Order, order.order_id) or order
        if stored.state == "undoing":
            _refuse(tx, stored, now)
            tx.put(stored)
        return stored

    return db.transact(work)


def _refuse(tx: Transaction, order: Order, now: datetime) -> None:
    assert order.failure is not None
    receipt = receipt_of(order.receipt, CREATED, now)
    if not order.action_was_required:
        if order.failure.is_final:
            receipt.record(tx, order.failure.error())
        else:
            receipt.forget(tx)
    tx.emit(
        OrderRefused(
            order_id=order.order_id,
            code=order.failure.code,
            detail=order.failure.detail,
            currency=order.currency,
            action_was_required=order.action_was_required,
            fraud=order.fraud,
        ),
        now,
    )
    _end(order, "refused")
    order.refused_at = now


def abandon(db: Database, order: Order, now: datetime) -> None:
    """Forget a saga whose input another service found invalid before anything began: it was no order."""

    def work(tx: Transaction) -> None:
        receipt_of(order.receipt, CREATED, now).forget(tx)
        tx.delete(fenced(tx, order))

    db.transact(work)


def release_lease(db: Database, order: Order) -> None:
    """Leave a saga to whoever asks next: the same key, or the sweep."""

    def work(tx: Transaction) -> None:
        stored = tx.get(Order, order.order_id)
        if stored is not None and stored.attempt == order.attempt and stored.owner:
            stored.owner = ""
            tx.put(stored)

    db.transact(work)


def _end(order: Order, state: str) -> None:
    order.state, order.owner = state, ""  # type: ignore[assignment]


def answered(placed: PricedOrder, status: str, next_action: dict[str, str] | None = None) -> PlacedOrder:
    """Return what the customer's storefront is told. Why fraud refuses is told to nobody.

    A held order shows its reasons.
    """
    return PlacedOrder.model_validate(
        {
            "order_id": placed.order_id,
            "status": status,
            "lines": [
                AnsweredLine(**{name: getattr(line, name) for name in AnsweredLine.model_fields})
                for line in placed.lines
            ],
            "fraud": placed.fraud,
            "payment": PaymentState(next_action=next_action),
            "currency": placed.currency,
            **{name: getattr(placed, name) for name in OrderTotals.model_fields},
        }
    )
