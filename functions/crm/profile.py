"""A customer as people and other systems see them."""

from functions.crm.customer import Customer, Standing
from functions.crm.loyalty import Tier
from shared.http.models import Answer
from shared.values.address import Address
from shared.values.clock import Timestamp
from shared.values.identifiers import CustomerId
from shared.values.money import Money
from shared.values.personal import Email, PersonalText


class Loyalty(Answer):
    """Tier, points, and the twelve months' spend that earned the tier."""

    tier: Tier
    points: int
    spend: Money


class Profile(Answer):
    """Who the customer is; addresses newest first; `since` is when they were first seen."""

    customer_id: CustomerId
    email: Email
    first_name: PersonalText
    last_name: PersonalText
    vat_id: PersonalText | None = None
    addresses: tuple[Address, ...]
    loyalty: Loyalty
    standing: Standing
    standing_reason: str | None = None
    since: Timestamp


def profile_of(customer: Customer) -> Profile:
    """Show a customer."""
    return Profile(
        customer_id=customer.customer_id,
        email=customer.email,
        first_name=customer.first_name,
        last_name=customer.last_name,
        vat_id=customer.vat_id,
        addresses=customer.addresses,
        loyalty=Loyalty(tier=customer.tier, points=customer.points, spend=customer.spend),
        standing=customer.standing,
        standing_reason=customer.standing_reason,
        since=customer.since,
    )
