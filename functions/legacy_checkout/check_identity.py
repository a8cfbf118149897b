"""POST /kyc/check: whether a customer may order, by their standing with crm. It is asked before the charge."""

from datetime import datetime

from functions.legacy_checkout.answers import Approved, Rejected
from functions.legacy_checkout.figures import CustomersView
from functions.legacy_checkout.old_services import Asked, OldServices
from functions.legacy_checkout.spoken import OldCall
from shared.calls import Calls
from shared.errors import BadRequest
from shared.storage import Database
from shared.values.personal import Email, PersonalText


class IdentityCheck(OldCall):
    """Who orders."""

    email: Email | None = None
    name: PersonalText | None = None


def check_identity(
    command: IdentityCheck, db: Database, call: Calls, old: OldServices, now: datetime
) -> Approved | Rejected:
    """Approve whoever is not blocked, known or not; 403 for who is. BadRequest without an e-mail address.

    While crm is silent nobody is approved: the old checkout refuses an order on anything but a 200.
    """

    def ours() -> Approved | Rejected:
        if command.email is None:
            raise BadRequest("email is required")
        found = call.get("crm", "/customers", CustomersView, email=command.email).items
        return Rejected() if any(each.standing == "blocked" for each in found) else Approved()

    return old.beside(db, now, Asked("kyc", "POST /check", body=command), ours)
