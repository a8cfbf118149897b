"""GET /crm/customers: who placed the newest orders."""

from datetime import datetime

from functions.legacy_checkout.answers import OldCustomer, OldCustomers
from functions.legacy_checkout.figures import customers, orders, told_so_far
from functions.legacy_checkout.old_services import Asked, OldServices
from shared.calls import Calls
from shared.storage import Database


def list_customers(db: Database, call: Calls, old: OldServices, now: datetime) -> OldCustomers:
    """Return crm's customers of order management's newest 50 orders."""

    def ours() -> OldCustomers:
        return OldCustomers(
            [
                OldCustomer(
                    id=each.customer_id,
                    name=each.first_name,
                    surname=each.last_name,
                    email=each.email,
                    address=each.addresses[0].line if each.addresses else None,
                )
                for each in customers(call, orders(call))
            ]
        )

    return old.beside(db, now, Asked("crm", "GET /customers", kept=told_so_far(old, db)), ours)
