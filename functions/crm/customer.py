"""A customer, and the claim that makes an e-mail address name one customer only."""

from datetime import datetime
from hashlib import sha256
from typing import Any, ClassVar, Literal

from functions.crm.addresses import ADDRESSES_KEPT, address_id, comparable
from functions.crm.belonging import Belonging
from functions.crm.loyalty import BASE_CURRENCY, Tier, tier_of
from functions.crm.purchases import opening_purchase
from shared.events.customer import CustomerRegistered
from shared.storage import Document, Index, Transaction
from shared.values.address import Address
from shared.values.clock import Timestamp
from shared.values.identifiers import CustomerId, new_id
from shared.values.money import Money
from shared.values.personal import Email, PersonalText

Standing = Literal["good", "watch", "blocked"]
"""good: may order; watch: may order, and people review each order first; blocked: may not order."""
Terms = Literal["prepaid", "net_14", "net_30"]
"""Whatever they are, the card is charged as the goods leave; net_14, net_30: what it could not be charged is due after
so many days of the invoice."""


class Customer(Document):
    """A customer. `addresses` are newest first, each once; the tier is the last daily review's.

    `billing_by` is who set VAT id and terms: until then the VAT id is what the customer last said. `merged_into` names
    the record that this one lives on as. `unbooked_minor` is opening spend (USD cents) that an older document held
    itself; the first review books it as a purchase.
    """

    collection: ClassVar[str] = "customers"
    key_field: ClassVar[str] = "customer_id"
    indexes: ClassVar[tuple[Index, ...]] = (Index("since"),)
    current_schema: ClassVar[int] = 2

    customer_id: CustomerId
    email: Email
    first_name: PersonalText
    last_name: PersonalText
    vat_id: PersonalText | None = None
    terms: Terms = "prepaid"
    billing_by: str | None = None
    addresses: tuple[Address, ...] = ()
    default_billing: str | None = None
    default_shipping: str | None = None
    standing: Standing = "good"
    standing_reason: str | None = None
    standing_by: str | None = None
    standing_at: Timestamp | None = None
    tier: Tier
    merged_into: CustomerId | None = None
    unbooked_minor: int = 0
    since: Timestamp

    @classmethod
    def upgrade(cls, data: dict[str, Any]) -> dict[str, Any]:
        """Take out what schema 1 held itself: purchases hold spend and points now."""
        spend = data.pop("spend_minor", 0)
        left = {name: value for name, value in data.items() if name not in ("points", "currency")}
        return {**left, "unbooked_minor": spend}

    def lives_at(self, address: Address) -> bool:
        """Whether the address is known, whatever its capitals and spaces."""
        sought = comparable(address)
        return any(comparable(known) == sought for known in self.addresses)

    def moved_to(self, address: Address) -> "Customer":
        """Return this customer with an address more, at the front; the oldest beyond ten that is no default is lost."""
        addresses = [address, *self.addresses]
        if len(addresses) > ADDRESSES_KEPT:
            defaults = {self.default_billing, self.default_shipping}
            spare = [at for at, known in enumerate(addresses) if address_id(known) not in defaults]
            del addresses[spare[-1]]
        return self.model_copy(update={"addresses": tuple(addresses)})

    def default_address(self, default: str | None) -> Address | None:
        """Return the address under this id; without one the newest, None if none is known."""
        chosen = (known for known in self.addresses if default is not None and address_id(known) == default)
        return next(chosen, self.addresses[0] if self.addresses else None)


class EmailClaim(Belonging):
    """Says whose an e-mail address is. Its key is the SHA-256 of the address: it fits any store."""

    collection: ClassVar[str] = "email_claims"
    key_field: ClassVar[str] = "email_sha256"
    indexes: ClassVar[tuple[Index, ...]] = (Index("customer_id"),)

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
    """Make a customer of an e-mail address that is free. If it is taken meanwhile, the transaction runs again.

    `spend` (USD) is what they spent before the books open: it counts for twelve months from now.
    """
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
        since=now,
    )
    tx.create(EmailClaim(email_sha256=claim_key(customer.email), customer_id=customer.customer_id))
    tx.create(customer)
    if spent:
        tx.create(opening_purchase(customer.customer_id, spent.minor, now, now))
    country = address.country if address else None
    tx.emit(CustomerRegistered(customer_id=customer.customer_id, tier=customer.tier, country=country), now)
    return customer
