"""What the services answer about one order, as far as the demo reads it."""

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
    """Write money as people do: `1,004.45 USD`."""
    return f"{grouped(amount)} {amount.currency}"


def grouped(amount: Money) -> str:
    """Write an amount with its thousands apart: `1,004.45`."""
    return f"{amount.decimal:,f}"
