"""The estate's answers, as far as the demo reads them."""

from dataclasses import dataclass, field
from typing import Any

from shared.http.models import View
from shared.values.clock import Timestamp
from shared.values.money import Money


class Fact(View):
    """One entry of an order's history."""

    type: str
    at: Timestamp
    by: str | None = None


class Line(View):
    """Pieces of one SKU."""

    sku: str
    quantity: int


class Fraud(View):
    """What fraud thought of an order; no score while it was silent."""

    decision: str
    score: int | None = None


class Order(View):
    """An order as order_management knows it."""

    order_id: str
    status: str
    history: list[Fact]
    total: Money
    lines: list[Line]
    fraud: Fraud


class Parcel(View):
    """One parcel or pallet."""

    weight_g: int


class Delivery(View):
    """When freight is brought; the slot's id ends with its date and hours."""

    service_level: str
    slot_id: str | None = None


class Shipment(View):
    """What leaves one location at a time."""

    shipment_id: str
    status: str
    fulfilment: str
    location: str
    parcels: list[Parcel]
    delivery: Delivery | None = None
    carrier: str | None = None
    planned_at: Timestamp
    dispatched_at: Timestamp | None = None
    delivered_at: Timestamp | None = None


class Invoice(View):
    """A draft, or the invoice of a shipment."""

    status: str
    number: str | None = None
    total: Money
    drafted_at: Timestamp | None = None
    issued_at: Timestamp | None = None


class Payment(View):
    """An authorization, a capture or a void."""

    type: str
    amount: Money
    status: str
    at: Timestamp


class Message(View):
    """A mail; `template` is the event it tells of."""

    template: str
    subject: str
    status: str
    sent_at: Timestamp | None = None


class Entry(View):
    """One posting of a journal entry; `cause` is the event that it books."""

    entry_id: str
    cause: str
    account: str
    posted_at: Timestamp


class Reservation(View):
    """Stock held for an order."""

    state: str
    lines: list[Line]


class Stock(View):
    """What is there of a SKU."""

    sku: str
    on_hand: int
    reserved: int


class Account(View):
    """One account's totals in one currency."""

    account: str
    currency: str
    debit: Money
    credit: Money
    balance: Money


class TrialBalance(View):
    """All accounts."""

    accounts: list[Account]
    balanced: bool


class Reconciliation(View):
    """What differs between the events and the services' own documents."""

    balanced: bool
    differences: list[dict[str, Any]]
    checked: int


class SubscriptionState(View):
    """What went through one subscription."""

    service: str
    delivered: int
    retried: int
    dead_lettered: int


class Customer(View):
    """A customer, as far as it has a name in the books."""

    customer_id: str


class DeadLetter(View):
    """A message that a subscription gave up."""

    subscription: str


@dataclass(frozen=True)
class Reply:
    """An answer to a POST: status, body, and when it came, in ms since the order was first sent."""

    status: int
    body: dict[str, Any]
    ms: float


@dataclass(frozen=True)
class Documents:
    """Everything that the services hold about one order."""

    order: Order | None = None
    shipments: list[Shipment] = field(default_factory=list)
    invoices: list[Invoice] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    reservations: dict[str, Reservation] = field(default_factory=dict)


def written(amount: Money) -> str:
    """Write money as people do: `57.51 USD`."""
    return f"{amount.amount} {amount.currency}"
