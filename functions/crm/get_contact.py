"""GET /customers/{customer_id}/contact: how a customer wants to be told, and where."""

from functions.crm.contact import Contact, contact_of, preferences_of
from functions.crm.identity import known
from shared.storage import Database
from shared.values.identifiers import CustomerId


def get_contact(customer_id: CustomerId, db: Database) -> Contact:
    """Return how a customer is reached; NotFound if there is none under this id."""
    customer = known(db, customer_id)
    return contact_of(customer, preferences_of(db, customer.customer_id))
