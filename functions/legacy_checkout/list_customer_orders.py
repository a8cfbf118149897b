"""GET /crm/orders: the newest orders, as the old CRM listed them."""

from datetime import datetime

from functions.legacy_checkout.answers import CustomerOrder, CustomerOrders
from functions.legacy_checkout.figures import orders, told_so_far, tracking_of
from functions.legacy_checkout.old_services import Asked, OldServices
from functions.legacy_checkout.spoken import foreign_id, number
from shared.calls import Calls
from shared.storage import Database


def list_customer_orders(db: Database, call: Calls, old: OldServices, now: datetime) -> CustomerOrders:
    """Return order management's newest 50, each under the id that its checkout gave it."""

    def ours() -> CustomerOrders:
        found = orders(call)
        tracked = tracking_of(db, found)
        return CustomerOrders(
            [
                CustomerOrder(
                    order_id=foreign_id(each.order_id),
                    tracking_id=tracked[each.order_id],
                    total_amount=number(each.total),
                    currency=each.currency,
                    status=each.status,
                )
                for each in found
            ]
        )

    return old.beside(db, now, Asked("crm", "GET /orders", kept=told_so_far(old, db)), ours)
