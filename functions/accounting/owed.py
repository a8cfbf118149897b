"""What is still owed on an order, by its entries."""

from functions.accounting import accounts
from functions.accounting.ledger import JournalEntry
from shared.events.journal import Posting
from shared.storage import Transaction
from shared.values.money import Money


def owed(tx: Transaction, order_id: str, currency: str) -> Money:
    """Return what a customer still owes in the order's currency."""
    minor, cursor = 0, None
    while True:
        page = tx.query(JournalEntry, order_id=order_id, order_by="posted_at", cursor=cursor)
        minor += sum(_owed(posting, currency) for entry in page.items for posting in entry.postings)
        cursor = page.next_cursor
        if cursor is None:
            return Money(currency, minor)


def _owed(posting: Posting, currency: str) -> int:
    """Return by how many minor units a posting changes the receivable, as it was before it was converted."""
    amount = posting.original or posting.debit or posting.credit
    if posting.account != accounts.RECEIVABLES or amount.currency != currency:
        return 0
    return amount.minor if posting.debit else -amount.minor
