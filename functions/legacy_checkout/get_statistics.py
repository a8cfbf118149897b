"""GET /crm/stats: customers, orders and revenue."""

from datetime import datetime

from functions.legacy_checkout.answers import Statistics
from functions.legacy_checkout.figures import at_home, sums
from functions.legacy_checkout.old_services import Asked, OldServices
from shared.calls import Calls
from shared.http.models import ControlTotals
from shared.storage import Database


def get_statistics(db: Database, call: Calls, old: OldServices, now: datetime) -> Statistics:
    """Return crm's count of customers and order management's orders; no currency is added to another."""

    def ours() -> Statistics:
        counted = call.get("crm", "/control-totals", ControlTotals).totals
        count, amounts = sums(call)
        return Statistics(
            customers=counted.get("customers.count", 0), orders=count, revenue=at_home(amounts), by_currency=amounts
        )

    return old.beside(db, now, Asked("crm", "GET /stats"), ours)
