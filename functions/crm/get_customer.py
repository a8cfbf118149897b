"""GET /customers/{customer_id}: profile, addresses, loyalty and standing."""

from datetime import datetime

from functions.crm.identity import known
from functions.crm.profile import Profile, profile_of
from shared.storage import Database
from shared.values.identifiers import CustomerId


def get_customer(customer_id: CustomerId, db: Database, now: datetime) -> Profile:
    """Return a customer's profile, of the record that a merged one lives on as; NotFound if there never was one."""
    return profile_of(db, known(db, customer_id), now)
