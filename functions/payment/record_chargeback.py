"""POST /chargebacks: the gateway tells that the customer's bank took money back.

The sandbox gateway sends no notifications: whoever tries out a chargeback is the operator, who plays it here.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from functions.payment.authorization import Authorization
from functions.payment.capture import Capture
from functions.payment.chargeback import Chargeback
from functions.payment.gateway import Gateway
from functions.payment.payment_answer import PaymentAnswer, of_chargeback
from functions.payment.refund import room
from shared.errors import Invalid, NotFound
from shared.events.payment import PaymentChargedBack
from shared.http.models import Command
from shared.storage import Database, Transaction
from shared.values.identifiers import OrderId
from shared.values.money import Money


class RecordChargeback(Command):
    """The gateway's notification: without `amount`, all that was captured and neither refunded nor charged back."""

    chargeback_id: Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.-]+$")]
    order_id: OrderId
    amount: Money | None = None
    reason: str = Field(min_length=1, max_length=100)


def record_chargeback(command: RecordChargeback, db: Database, gateway: Gateway, now: datetime) -> PaymentAnswer:
    """Note a chargeback once; NotFound for an order of which nothing was captured, Invalid if it is more than that."""
    fee = gateway.fees.of_chargeback
    return of_chargeback(db.transact(lambda tx: _record(tx, command, fee, now)))


def _record(tx: Transaction, command: RecordChargeback, fee: Callable[[str], Money], now: datetime) -> Chargeback:
    known = tx.get(Chargeback, command.chargeback_id)
    if known is not None:
        return known
    authorization = tx.get(Authorization, command.order_id)
    found = tx.query(Capture, order_id=command.order_id, order_by="asked_at").items
    captures = [capture for each in found if (capture := tx.get(Capture, each.shipment_id)) and room(capture)]
    if authorization is None or not captures:
        raise NotFound(f"nothing is captured for {command.order_id} that could be taken back")
    amount = _amount(command, captures)
    taken = _taken(amount, captures)
    for capture in captures:
        part = taken.get(capture.shipment_id, 0)
        tx.put(capture.model_copy(update={"charged_back_minor": capture.charged_back_minor + part}))
    chargeback = Chargeback(
        chargeback_id=command.chargeback_id,
        order_id=command.order_id,
        gateway=authorization.gateway,
        currency=amount.currency,
        amount_minor=amount.minor,
        fee_minor=fee(amount.currency).minor,
        taken=taken,
        reason=command.reason,
        charged_back_at=now,
    )
    tx.create(chargeback)
    tx.emit(_event(chargeback, authorization), now)
    return chargeback


def _amount(command: RecordChargeback, captures: list[Capture]) -> Money:
    there = Money(captures[0].currency, sum(map(room, captures)))
    if command.amount is None:
        return there
    if command.amount.currency != there.currency or not 0 < command.amount.minor <= there.minor:
        raise Invalid(("amount", f"expected at most the {there.amount} {there.currency} that are captured"))
    return command.amount


def _taken(amount: Money, captures: list[Capture]) -> dict[str, int]:
    """Take an amount from captures in the order in which they were made."""
    taken, rest = {}, amount.minor
    for capture in captures:
        part = min(rest, room(capture))
        rest -= part
        if part:
            taken[capture.shipment_id] = part
    return taken


def _event(chargeback: Chargeback, authorization: Authorization) -> PaymentChargedBack:
    return PaymentChargedBack(
        order_id=chargeback.order_id,
        chargeback_id=chargeback.chargeback_id,
        payment_id=authorization.payment_id or "",
        amount=chargeback.amount,
        fee=chargeback.fee,
        gateway=chargeback.gateway,
        reason=chargeback.reason,
    )
