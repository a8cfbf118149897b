"""POST /kyc/check: whether a customer may order, by their standing with crm. It is asked before the charge."""

from datetime import datetime

from pydantic import TypeAdapter, ValidationError

from functions.legacy_checkout.answers import Approved, Rejected
from functions.legacy_checkout.figures import CustomersView
from functions.legacy_checkout.old_services import Asked, OldServices
from functions.legacy_checkout.spoken import OldCall
from shared.calls import Calls
from shared.errors import BadRequest
from shared.storage import Database
from shared.values.personal import Email, PersonalText

_EMAIL: TypeAdapter[str] = TypeAdapter(Email)


class IdentityCheck(OldCall):
    """Who orders."""

    email: PersonalText | None = None
    name: PersonalText | None = None


def check_identity(
    command: IdentityCheck, db: Database, call: Calls, old: OldServices, now: datetime
) -> Approved | Rejected:
    """Approve whoever is not blocked, known or not; 403 for who is. BadRequest without a usable e-mail address.

    While crm is silent nobody is approved: the old checkout refuses an order on anything but a 200.
    """

    def ours() -> Approved | Rejected:
        found = call.get("crm", "/customers", CustomersView, email=_address(command.email)).items
        return Rejected() if any(each.standing == "blocked" for each in found) else Approved()

    return old.beside(db, now, Asked("kyc", "POST /check", body=command), ours)


def _address(email: str | None) -> str:
    """Return an address that a customer is found by: whoever has none is told before the card is charged."""
    try:
        return _EMAIL.validate_python(email)
    except ValidationError:
        raise BadRequest("email is required, such as ada@example.com") from None
