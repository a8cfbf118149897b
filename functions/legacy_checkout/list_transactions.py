"""GET /accounting/transactions: the newest orders as transactions, and a summary of all."""

from datetime import datetime

from functions.legacy_checkout.answers import CrmIntegration, OldTransactions, TransactionSummary
from functions.legacy_checkout.figures import at_home, customers, heard_of, orders, sums, told_so_far
from functions.legacy_checkout.old_services import Asked, OldServices
from functions.legacy_checkout.transactions import transaction
from shared.calls import Calls
from shared.errors import BoutiqueError
from shared.storage import Database


def list_transactions(db: Database, call: Calls, old: OldServices, now: datetime) -> OldTransactions:
    """Return order management's newest 50, each once, and what all come to by currency."""

    def ours() -> OldTransactions:
        found = orders(call)
        count, amounts = sums(call)
        try:
            customers(call, found[:1])
            connected = True
        except BoutiqueError:
            connected = False
        return OldTransactions(
            transactions=[transaction(each, one) for each, one in zip(found, heard_of(db, found), strict=True)],
            crm_integration=CrmIntegration(connected=connected),
            summary=TransactionSummary(total_transactions=count, total_amount=at_home(amounts), by_currency=amounts),
        )

    return old.beside(db, now, Asked("accounting", "GET /transactions", kept=told_so_far(old, db)), ours)
