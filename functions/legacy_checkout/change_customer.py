"""PUT /crm/customers/{customer_id}: an old back office says where a customer lives now."""

from datetime import datetime

from functions.legacy_checkout.answers import OldCustomer
from functions.legacy_checkout.figures import AddressView, CustomerView
from functions.legacy_checkout.gathered import postal
from functions.legacy_checkout.old_services import Asked, OldServices
from functions.legacy_checkout.spoken import OldAddress, OldCall
from shared.calls import Calls
from shared.http.models import View
from shared.storage import Database
from shared.values.identifiers import CustomerId


class ChangedCustomer(OldCall):
    """What is changed: the address. Name and e-mail address are who ordered, and stay as they were registered."""

    address: OldAddress | None = None


def change_customer(
    customer_id: CustomerId, command: ChangedCustomer, db: Database, call: Calls, old: OldServices, now: datetime
) -> OldCustomer:
    """Add the address to crm's; the customer as crm knows them is answered. NotFound; beside the old CRM, no effect."""

    def ours() -> OldCustomer:
        if command.address is not None and not old.shadowed:
            body = {"address": postal(command.address), "default_shipping": True}
            call.post("crm", f"/customers/{customer_id}/addresses", body, View)
        known = call.get("crm", f"/customers/{customer_id}", CustomerView)
        return OldCustomer(
            id=known.customer_id,
            name=known.first_name,
            surname=known.last_name,
            email=known.email,
            address=_line(known.addresses),
        )

    path = f"/customers/{customer_id}"
    return old.beside(db, now, Asked("crm", "PUT /customers/{customer_id}", path=path, body=command), ours)


def _line(addresses: list[AddressView]) -> str | None:
    return addresses[0].line if addresses else None
