"""POST /crm/customers: the old checkout tells the CRM of a customer and of their order."""

from datetime import datetime

from functions.legacy_checkout.answers import CustomerTaken
from functions.legacy_checkout.bodies import CustomerCall
from functions.legacy_checkout.gathering import hear
from functions.legacy_checkout.old_services import Asked, OldServices
from functions.legacy_checkout.spoken import our_id
from shared.calls import Calls
from shared.settings import Settings
from shared.storage import Database


def take_customer(
    command: CustomerCall, db: Database, call: Calls, old: OldServices, settings: Settings, now: datetime
) -> CustomerTaken:
    """Keep what it tells of the order; the customer is registered when the order is taken in."""

    def ours() -> CustomerTaken:
        hear(db, call, settings, "crm", command.order.order_id, command.facts(), now)
        return CustomerTaken(
            id=our_id(command.order.order_id), name=command.name, surname=command.surname, email=command.email
        )

    return old.beside(db, now, Asked("crm", "POST /customers", body=command, answers=201), ours)
