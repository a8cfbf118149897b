"""POST /repayments: a person gave back, where another checkout had taken it, what was owed to a customer."""

from datetime import datetime

from pydantic import Field

from functions.payment.payment_answer import PaymentAnswer, of_owed_back, of_refund
from functions.payment.prepayment import TAKEN_ELSEWHERE, OwedBack, Prepayment, owed_id, repaid
from functions.payment.refund import Refund, repaid_elsewhere
from shared.errors import IllegalTransition, Invalid, NotFound
from shared.http.models import Command
from shared.storage import Transaction
from shared.values.identifiers import OrderId
from shared.values.money import Money


class RecordRepayment(Command):
    """What was given back, all of it, and who says so.

    `cause` is what it is owed for, as `GET /payments` names it: `cancelled`, a reduction or a return. `reference` is
    the other gateway's number of the repayment.
    """

    order_id: OrderId
    cause: str = Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")
    amount: Money
    reference: str = Field(min_length=1, max_length=100)
    by: str = Field(min_length=1, max_length=100)


def record_repayment(command: RecordRepayment, tx: Transaction, now: datetime) -> PaymentAnswer:
    """End the debt, once; the same again is answered and books nothing. NotFound if nothing of the kind is owed.

    Invalid for another amount than is owed, IllegalTransition if it was given back under another number.
    """
    owed = tx.get(OwedBack, owed_id(command.order_id, command.cause))
    if owed is not None:
        return of_owed_back(_of_reduction(tx, owed, command, now))
    refund = tx.get(Refund, command.cause)
    if refund is None or refund.order_id != command.order_id or refund.decline_code != TAKEN_ELSEWHERE:
        raise NotFound(f"nothing of {command.order_id} is owed back for {command.cause}")
    return of_refund(_of_return(tx, refund, command, now))


def _of_reduction(tx: Transaction, owed: OwedBack, command: RecordRepayment, now: datetime) -> OwedBack:
    if not _is_new(owed.reference, owed.amount, command):
        return owed
    prepayment = tx.get(Prepayment, owed.order_id)
    assert prepayment is not None  # nothing is owed back that was not prepaid
    after, event = repaid(prepayment, owed, command.reference, command.by, now)
    tx.put(after)
    tx.emit(event, now)
    return after


def _of_return(tx: Transaction, refund: Refund, command: RecordRepayment, now: datetime) -> Refund:
    if not _is_new(refund.reference, refund.amount, command):
        return refund
    after, event = repaid_elsewhere(refund, command.reference, command.by, now)
    tx.put(after)
    tx.emit(event, now)
    return after


def _is_new(reference: str | None, amount: Money, command: RecordRepayment) -> bool:
    if command.amount != amount:
        raise Invalid(("amount", f"expected {amount.amount} {amount.currency}, all that is owed"))
    if reference is not None and reference != command.reference:
        raise IllegalTransition(f"it was given back already, as {reference}")
    return reference is None
