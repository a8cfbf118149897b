"""POST /write-offs: give up what a customer owes for a shipment that left and could not be charged."""

from datetime import datetime

from pydantic import Field

from functions.accounting import accounts
from functions.accounting.invoices import draft_of
from functions.accounting.ledger import Cause, post
from functions.accounting.owed import owed
from functions.accounting.sides import credit, debit
from shared.errors import IllegalTransition, Invalid, NotFound
from shared.http.models import Answer, Command
from shared.storage import Document, Index, Transaction
from shared.values.clock import Timestamp
from shared.values.identifiers import OrderId, new_id
from shared.values.money import Money


class WriteOffReceivable(Command):
    """How much of what order is given up, by whom and why."""

    order_id: OrderId
    amount: Money
    by: str = Field(min_length=1, max_length=100)
    reason: str = Field(min_length=1, max_length=500)


class WriteOff(Document):
    """A receivable that was given up."""

    collection = "write_offs"
    key_field = "write_off_id"
    indexes = (Index("order_id", "written_off_at"), Index("written_off_at"))

    write_off_id: str
    order_id: str
    amount: Money
    by: str
    reason: str
    written_off_at: Timestamp


class WriteOffAnswer(Answer):
    """What was given up, and what is still owed on the order after it."""

    write_off_id: str
    order_id: str
    amount: Money
    still_owed: Money


def write_off_receivable(command: WriteOffReceivable, tx: Transaction, now: datetime) -> WriteOffAnswer:
    """Book bad debts against the receivable.

    Invalid for an amount that is not above zero; NotFound for an order of which nothing left; IllegalTransition if less
    is owed. A capture that is heard of afterwards makes the receivable negative: what was given up came after all.
    """
    if command.amount.minor <= 0:
        raise Invalid(("amount", "expected an amount above zero"))
    draft = draft_of(tx, command.order_id)
    if draft.sale is None:
        raise NotFound(f"nothing of {command.order_id} left")
    tx.put(draft)  # two write-offs of an order meet here
    left = owed(tx, command.order_id, command.amount.currency)
    if left < command.amount:
        raise IllegalTransition(f"{left.amount} {left.currency} is owed on {command.order_id}")
    found = WriteOff(write_off_id=new_id("wof", now), written_off_at=now, **command.model_dump())
    tx.create(found)
    postings = [debit(accounts.BAD_DEBTS, command.amount), credit(accounts.RECEIVABLES, command.amount)]
    cause = Cause(event_id=found.write_off_id, type="write_off", at=now)
    post(tx, cause, "write_off", postings, command.order_id, now, draft.sale.books)
    return WriteOffAnswer(
        write_off_id=found.write_off_id,
        order_id=command.order_id,
        amount=command.amount,
        still_owed=left - command.amount,
    )
