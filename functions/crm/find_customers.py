"""GET /customers?email=: the customer who has an e-mail address."""

from datetime import datetime

from functions.crm.customer import EmailClaim, claim_key
from functions.crm.identity import record_of
from functions.crm.profile import Profile, profile_of
from shared.http.models import Items
from shared.storage import Database
from shared.values.personal import Email


class CustomersFound(Items):
    """One customer or none: an e-mail address is one customer's."""

    items: list[Profile]


def find_customers(email: Email, db: Database, now: datetime) -> CustomersFound:
    """Return who has this e-mail address, in whatever capitals it is written; never registers anyone."""
    claim = db.get(EmailClaim, claim_key(email))
    customer = record_of(db, claim.customer_id) if claim else None
    return CustomersFound(items=[profile_of(db, customer, now)] if customer else [])
