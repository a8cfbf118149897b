"""POST /crm/orders: an order told to the old CRM by itself, without its customer."""

from datetime import datetime

from functions.legacy_checkout.answers import CustomerOrder
from functions.legacy_checkout.bodies import OrderOfCustomer
from functions.legacy_checkout.gathering import hear
from functions.legacy_checkout.old_services import Asked, OldServices
from shared.calls import Calls
from shared.settings import Settings
from shared.storage import Database


def take_customer_order(
    command: OrderOfCustomer, db: Database, call: Calls, old: OldServices, settings: Settings, now: datetime
) -> CustomerOrder:
    """Keep what it tells, as of the CRM's other call: tracking id and total. It alone makes no order."""

    def ours() -> CustomerOrder:
        told = None if command.total_amount is None else str(command.total_amount)
        facts = {"tracking_id": command.tracking_id or None, "told_total": told}
        heard = hear(db, call, settings, "crm", command.order_id, facts, now)
        return CustomerOrder(
            order_id=command.order_id,
            tracking_id=command.tracking_id or None,
            total_amount=command.total_amount or 0,
            currency=command.currency,
            status=heard.state,
        )

    return old.beside(db, now, Asked("crm", "POST /orders", body=command, answers=201), ours)
