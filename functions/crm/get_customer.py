"""GET /customers/{customer_id}: profile, addresses, loyalty and standing."""

from functions.crm.customer import Customer
from functions.crm.profile import Profile, profile_of
from shared.errors import NotFound
from shared.storage import Database
from shared.values.identifiers import CustomerId


def get_customer(customer_id: CustomerId, db: Database) -> Profile:
    """Return a customer's profile; NotFound if there is none under this id."""
    customer = db.get(Customer, customer_id)
    if customer is None:
        raise NotFound(f"no customer {customer_id}")
    return profile_of(customer)
