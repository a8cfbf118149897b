"""GET /customers/{customer_id}/billing-profile: to whom an invoice is made out, and on which terms."""

from functions.crm.billing import BillingProfile, billing_profile
from functions.crm.identity import known
from shared.storage import Database
from shared.values.identifiers import CustomerId


def get_billing_profile(customer_id: CustomerId, db: Database) -> BillingProfile:
    """Return how a customer is billed; NotFound if there is none under this id."""
    return billing_profile(known(db, customer_id))
