"""POST /supplier-bills: a carrier's or supplier's bill that was paid from the bank."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from functions.accounting import accounts
from functions.accounting.entities import entities
from functions.accounting.functional_currency import Books
from functions.accounting.ledger import Cause, post
from functions.accounting.sides import credit, debit
from shared.errors import IllegalTransition, Invalid
from shared.http.models import Answer, Command
from shared.storage import Document, Index, Transaction
from shared.values.clock import Timestamp
from shared.values.money import Money

LARGEST = 10**12
"""Minor units: sums of any number of bills still fit what the database adds up in."""
_COST = {"freight": accounts.FREIGHT, "goods": accounts.GOODS_RECEIVED}


class RecordSupplierBill(Command):
    """A bill, net; `reference` is the supplier's own number of it: together they are its natural key.

    `goods` settles what was received and not yet invoiced, `freight` is an expense.
    """

    entity: str = Field(max_length=20)
    supplier: str = Field(pattern=r"^[0-9a-z][0-9a-z-]{0,49}$")
    reference: str = Field(pattern=r"^[0-9A-Za-z._-]{1,60}$")
    kind: Literal["freight", "goods"]
    amount: Money
    by: str = Field(min_length=1, max_length=100)


class SupplierBill(Document):
    """A bill that was recorded."""

    collection = "supplier_bills"
    key_field = "bill_id"
    indexes = (Index("recorded_at"),)

    bill_id: str
    entity: str
    supplier: str
    reference: str
    kind: Literal["freight", "goods"]
    amount: Money
    by: str
    recorded_at: Timestamp


class SupplierBillAnswer(Answer):
    """A bill as it is in the books."""

    bill_id: str
    entity: str
    kind: str
    amount: Money
    recorded_at: Timestamp


def record_supplier_bill(command: RecordSupplierBill, tx: Transaction, now: datetime) -> SupplierBillAnswer:
    """Book a bill against the bank; the same one again is answered again.

    Invalid for an unknown entity or an amount that is not above zero or beyond LARGEST; IllegalTransition if this
    supplier's reference is in the books with other figures.
    """
    if command.entity not in entities():
        raise Invalid(("entity", f"expected one of {', '.join(entities())}"))
    if not 0 < command.amount.minor <= LARGEST:
        raise Invalid(("amount", f"expected an amount above zero and of at most {LARGEST} minor units"))
    key = f"bil_{command.supplier}.{command.reference}"
    bill = tx.get(SupplierBill, key)
    if bill is None:
        bill = SupplierBill(bill_id=key, recorded_at=now, **command.model_dump())
        tx.create(bill)
        postings = [debit(_COST[command.kind], command.amount), credit(accounts.BANK, command.amount)]
        post(tx, Cause(event_id=key, type="supplier_bill", at=now), "bill", postings, None, now, Books.of(bill.entity))
    elif (bill.entity, bill.kind, bill.amount) != (command.entity, command.kind, command.amount):
        raise IllegalTransition(f"{command.supplier}'s bill {command.reference} is in the books with other figures")
    return SupplierBillAnswer(
        bill_id=key, entity=bill.entity, kind=bill.kind, amount=bill.amount, recorded_at=bill.recorded_at
    )
