"""A customer as somebody who is sent invoices."""

from functions.crm.customer import Customer, Terms
from shared.http.models import Answer
from shared.values.address import Address
from shared.values.identifiers import CustomerId
from shared.values.personal import Email, PersonalText


class BillingProfile(Answer):
    """Who is billed: at the default billing address, or else the newest known, and on which terms."""

    customer_id: CustomerId
    name: PersonalText
    email: Email
    vat_id: PersonalText | None = None
    terms: Terms
    billing_address: Address | None = None


def billing_profile(customer: Customer) -> BillingProfile:
    """Show how a customer is billed."""
    return BillingProfile(
        customer_id=customer.customer_id,
        name=f"{customer.first_name} {customer.last_name}",
        email=customer.email,
        vat_id=customer.vat_id,
        terms=customer.terms,
        billing_address=customer.default_address(customer.default_billing),
    )
