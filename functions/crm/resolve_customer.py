"""POST /customers/resolve: who is ordering; whoever is new becomes a customer.

Two first orders of one e-mail address at once make one customer: both create the same EmailClaim, one commits, the
other runs again and finds it. Nothing is written when nothing is new.
"""

from datetime import datetime

from pydantic import Field

from functions.crm.customer import Customer, EmailClaim, Standing, claim_key, register
from functions.crm.identity import record_of
from functions.crm.loyalty import Tier
from shared.errors import Invalid
from shared.http.models import Answer, Command
from shared.storage import Transaction
from shared.values.address import Address
from shared.values.clock import Timestamp
from shared.values.identifiers import CustomerId
from shared.values.personal import Email, PersonalText


class ResolveCustomer(Command):
    """Who says to be ordering. `id` names a known customer, who must have this e-mail address."""

    id: CustomerId | None = None
    email: Email
    first_name: PersonalText = Field(min_length=1, max_length=100)
    last_name: PersonalText = Field(min_length=1, max_length=100)
    vat_id: PersonalText | None = Field(default=None, min_length=1, max_length=32)
    address: Address | None = None


class ResolvedCustomer(Answer):
    """The customer as crm knows them."""

    customer_id: CustomerId
    email: Email
    first_name: PersonalText
    last_name: PersonalText
    tier: Tier
    standing: Standing
    since: Timestamp
    vat_id: PersonalText | None = None


def resolve_customer(command: ResolveCustomer, tx: Transaction, now: datetime) -> ResolvedCustomer:
    """Find the customer by e-mail address, or register one: bronze and in good standing. Invalid for a wrong id."""
    claim = tx.get(EmailClaim, claim_key(command.email))
    known = record_of(tx, claim.customer_id) if claim else None
    if command.id is not None and (known is None or not _names(tx, command.id, known)):
        raise Invalid(("customer.id", "expected the id of the customer who has this e-mail address, or none"))
    return _resolved(_updated(known, command, tx) if known else _registered(command, tx, now))


def _names(tx: Transaction, customer_id: str, known: Customer) -> bool:
    """Whether the id is this customer's, or of a record that was merged into theirs."""
    return customer_id == known.customer_id or record_of(tx, customer_id) == known


def _registered(command: ResolveCustomer, tx: Transaction, now: datetime) -> Customer:
    return register(
        tx,
        now,
        email=command.email,
        first_name=command.first_name,
        last_name=command.last_name,
        vat_id=command.vat_id,
        address=command.address,
    )


def _updated(known: Customer, command: ResolveCustomer, tx: Transaction) -> Customer:
    """Learn a new address, and a VAT id unless billing has set it; the name stays as registered."""
    customer = known
    if command.address is not None and not customer.lives_at(command.address):
        customer = customer.moved_to(command.address)
    if command.vat_id not in (None, customer.vat_id) and customer.billing_by is None:
        customer = customer.model_copy(update={"vat_id": command.vat_id})
    if customer is not known:
        tx.put(customer)
    return customer


def _resolved(customer: Customer) -> ResolvedCustomer:
    return ResolvedCustomer(
        customer_id=customer.customer_id,
        email=customer.email,
        first_name=customer.first_name,
        last_name=customer.last_name,
        tier=customer.tier,
        standing=customer.standing,
        since=customer.since,
        vat_id=customer.vat_id,
    )
