"""GET /customers/{customer_id}/billing-profile: to whom an invoice is made out, and on which terms."""

from typing import Literal

from functions.crm.customer import Customer
from shared.errors import NotFound
from shared.http.models import Answer
from shared.storage import Database
from shared.values.address import Address
from shared.values.identifiers import CustomerId
from shared.values.personal import Email, PersonalText


class BillingProfile(Answer):
    """Who is billed, at the newest address known. Terms are `prepaid`: the card is charged as the goods leave."""

    customer_id: CustomerId
    name: PersonalText
    email: Email
    vat_id: PersonalText | None = None
    terms: Literal["prepaid"]
    billing_address: Address | None = None


def get_billing_profile(customer_id: CustomerId, db: Database) -> BillingProfile:
    """Return how a customer is billed; NotFound if there is none under this id."""
    customer = db.get(Customer, customer_id)
    if customer is None:
        raise NotFound(f"no customer {customer_id}")
    return BillingProfile(
        customer_id=customer.customer_id,
        name=f"{customer.first_name} {customer.last_name}",
        email=customer.email,
        vat_id=customer.vat_id,
        terms="prepaid",
        billing_address=customer.addresses[0] if customer.addresses else None,
    )
