"""Tells events to accounting as its host does, and reads the books."""

from datetime import datetime

from functions.accounting.correct_stock import correct_stock
from functions.accounting.draft_invoice import draft_invoice
from functions.accounting.get_trial_balance import get_trial_balance
from functions.accounting.list_entries import list_entries
from functions.accounting.list_invoices import list_invoices
from functions.accounting.post_payment import post_payment
from functions.accounting.post_payout import post_payout
from functions.accounting.post_return import post_return
from functions.accounting.post_reversal import post_reversal
from functions.accounting.post_shipment import post_shipment
from functions.accounting.post_stock_movement import post_stock_movement
from functions.accounting.reduce_draft import reduce_draft
from functions.accounting.void_draft import void_draft
from shared.events import Envelope, event_class
from shared.storage import Database
from tests.functions.accounting.one_order import ORDER, PROFILE, PROFILE_ROUTE
from tests.receipts import Recorded
from tests.scripted_calls import ScriptedCalls

BOOKED_BY = {
    "shipment.dispatched": post_shipment,
    "shipment.delivered": post_shipment,
    "shipment.returned": post_return,
    "payment.captured": post_payment,
    "payment.refunded": post_reversal,
    "payment.charged_back": post_reversal,
    "payment.paid_out": post_payout,
    "inventory.received": post_stock_movement,
    "inventory.committed": post_stock_movement,
    "inventory.adjusted": correct_stock,
    "inventory.returned": correct_stock,
    "furniture.received": post_stock_movement,
    "furniture.committed": post_stock_movement,
}


def tell(db: Database, envelope: Envelope, now: datetime) -> None:
    event = event_class(envelope.type).model_validate(envelope.data)
    if envelope.type in ("order.confirmed", "order.approved"):
        receipt = Recorded()
        draft_invoice(event, envelope, db, ScriptedCalls({PROFILE_ROUTE: PROFILE}), receipt, now)
        assert receipt.recorded
    elif envelope.type == "order.cancelled":
        db.transact(lambda tx: void_draft(event, envelope, tx))
    elif envelope.type == "order.reduced":
        db.transact(lambda tx: reduce_draft(event, tx))
    else:
        book = BOOKED_BY[envelope.type]
        db.transact(lambda tx: book(event, envelope, tx, now))


def trial_balance(db: Database) -> dict[str, tuple[str, str]]:
    """Debit and credit by account, in USD."""
    answer = get_trial_balance(db)
    assert answer.balanced
    assert {line.currency for line in answer.accounts} <= {"USD"}
    return {line.account: (line.debit.amount, line.credit.amount) for line in answer.accounts}


def entries(db: Database, order_id: str = ORDER) -> set[tuple[str, str, str, str, str]]:
    """(entry, cause, account, debit, credit) of all postings of an order."""
    page = list_entries(order_id, db)
    assert page.next_cursor is None
    lines = [(each.entry_id, each.cause, each.account, each.debit.amount, each.credit.amount) for each in page.items]
    assert len(lines) == len(set(lines))
    return set(lines)


def invoices(db: Database, order_id: str = ORDER) -> dict[str, tuple[str, str]]:
    """Status and total by invoice."""
    return {each.invoice_id: (each.status, each.total.amount) for each in list_invoices(order_id, db).items}
