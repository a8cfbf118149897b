"""A customer as people and other systems see them."""

from datetime import datetime

from functions.crm.customer import Customer, Standing
from functions.crm.loyalty import Tier
from functions.crm.purchases import Purchase
from functions.crm.tiers import twelve_months_spend
from shared.http.models import Answer
from shared.storage import Database
from shared.values.address import Address
from shared.values.clock import Timestamp
from shared.values.identifiers import CustomerId
from shared.values.money import Money
from shared.values.personal import Email, PersonalText


class Loyalty(Answer):
    """The tier of the last daily review; points and twelve months' spend as of now."""

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


def profile_of(db: Database, customer: Customer, now: datetime) -> Profile:
    """Show a customer."""
    points = points_of(db, customer.customer_id)
    spend = twelve_months_spend(db, customer.customer_id, now)
    return Profile(
        customer_id=customer.customer_id,
        email=customer.email,
        first_name=customer.first_name,
        last_name=customer.last_name,
        vat_id=customer.vat_id,
        addresses=customer.addresses,
        loyalty=Loyalty(tier=customer.tier, points=points, spend=spend),
        standing=customer.standing,
        standing_reason=customer.standing_reason,
        since=customer.since,
    )


def points_of(db: Database, customer_id: str) -> int:
    """Return how many points a customer holds."""
    return db.aggregate(Purchase, sums=["points"], customer_id=customer_id).sums["points"]
