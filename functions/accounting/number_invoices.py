"""Every minute: give finished invoices and credit notes their numbers, gap-free in each series (PROMISES 13)."""

from datetime import datetime

from functions.accounting.credit_notes import CreditNote
from functions.accounting.invoices import UNADDRESSED, Invoice
from functions.accounting.numbering import number_in_turn
from shared.storage import Database

AT_ONCE = 200
"""Documents in one transaction: each is a document and an event, and a commit holds 500 writes."""
ROUNDS = 50
"""Transactions for each kind in one run; what is left waits for the next."""


def number_invoices(db: Database, now: datetime) -> None:
    """Give numbers, oldest first. Two runs at once leave no gap and give no number twice.

    An invoice whose order is not heard of waits for it for UNADDRESSED; a credit note waits for its invoices' numbers.
    """
    _number(db, Invoice, "finished", None, now)
    _number(db, Invoice, "unaddressed", now - UNADDRESSED, now)
    _number(db, CreditNote, "finished", None, now)


def _number(
    db: Database, kind: type[Invoice] | type[CreditNote], status: str, until: datetime | None, now: datetime
) -> None:
    cursor = None
    for _ in range(ROUNDS):
        waiting = db.query(kind, status=status, order_by="posted_at", until=until, limit=AT_ONCE, cursor=cursor)
        keys = [each.document_key for each in waiting.items]
        if keys:
            db.transact(lambda tx, keys=keys: number_in_turn(tx, kind, keys, now))  # type: ignore[misc]
        cursor = waiting.next_cursor
        if cursor is None:
            return
