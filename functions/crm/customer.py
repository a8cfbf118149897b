"""A customer, and the claim that makes an e-mail address name one customer only."""

from datetime import datetime
from hashlib import sha256
from typing import ClassVar, Literal

from functions.crm.loyalty import Tier, tier_of
from shared.events.customer import CustomerRegistered
from shared.storage import Document, Index, Transaction
from shared.values.address import Address
from shared.values.clock import Timestamp
from shared.values.identifiers import CustomerId, new_id
from shared.values.money import Money
from shared.values.personal import Email, PersonalText

BASE_CURRENCY = "USD"
"""What spend is counted in."""

ADDRESSES_KEPT = 10

Standing = Literal["good", "watch", "blocked"]
"""good: may order; watch: may order, and is looked at; blocked: may not order."""


class Customer(Document):
    """A customer. `addresses` are newest first, each once; `spend_minor` is twelve months' spend in `currency`."""

    collection: ClassVar[str] = "customers"
    key_field: ClassVar[str] = "customer_id"
    indexes: ClassVar[tuple[Index, ...]] = (Index("since"),)

    customer_id: CustomerId
    email: Email
    first_name: PersonalText
    last_name: PersonalText
    vat_id: PersonalText | None = None
    addresses: tuple[Address, ...] = ()
    standing: Standing = "good"
    standing_reason: str | None = None
    tier: Tier
    points: int = 0
    spend_minor: int = 0
    currency: str = BASE_CURRENCY
    since: Timestamp

    @property
    def spend(self) -> Money:
        """Twelve months' spend."""
        return Money(self.currency, self.spend_minor)

    def lives_at(self, address: Address) -> bool:
        """Whether the address is known, whatever its capitals and spaces."""
        sought = _comparable(address)
        return any(_comparable(known) == sought for known in self.addresses)

    def moved_to(self, address: Address) -> "Customer":
        """Return this customer with an address more, at the front; the oldest beyond ten is forgotten."""
        return self.model_copy(update={"addresses": (address, *self.addresses)[:ADDRESSES_KEPT]})


class EmailClaim(Document):
    """Says whose an e-mail address is. Its key is the SHA-256 of the address: it fits any store."""

    collection: ClassVar[str] = "email_claims"
    key_field: ClassVar[str] = "email_sha256"

    email_sha256: str
    customer_id: CustomerId


def claim_key(email: str) -> str:
    """Return the key of the claim to a normalised e-mail address (what `Email` validates to)."""
    return sha256(email.encode()).hexdigest()


def register(
    tx: Transaction,
    now: datetime,
    *,
    email: str,
    first_name: str,
    last_name: str,
    vat_id: str | None = None,
    address: Address | None = None,
    spend: Money | None = None,
    standing: Standing = "good",
    standing_reason: str | None = None,
) -> Customer:
    """Make a customer of an e-mail address that is free. If it is taken meanwhile, the transaction runs again."""
    spent = spend or Money.zero(BASE_CURRENCY)
    customer = Customer(
        customer_id=new_id("cus", now),
        email=email,
        first_name=first_name,
        last_name=last_name,
        vat_id=vat_id,
        addresses=(address,) if address else (),
        standing=standing,
        standing_reason=standing_reason,
        tier=tier_of(spent),
        spend_minor=spent.minor,
        currency=spent.currency,
        since=now,
    )
    tx.create(EmailClaim(email_sha256=claim_key(customer.email), customer_id=customer.customer_id))
    tx.create(customer)
    country = address.country if address else None
    tx.emit(CustomerRegistered(customer_id=customer.customer_id, tier=customer.tier, country=country), now)
    return customer


def _comparable(address: Address) -> tuple[str, ...]:
    parts = (address.street_address, address.city, address.state or "", address.country, address.zip_code)
    return tuple(" ".join(part.split()).casefold() for part in parts)
