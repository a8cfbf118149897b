"""order.confirmed, order.approved: tell fraud, which no event reaches, of an order that will be fulfilled."""

from typing import Literal

from shared.calls.port import Calls
from shared.events import Envelope
from shared.events.order import OrderApproved, OrderConfirmed
from shared.http.models import Command, Receipt, View
from shared.storage import Database
from shared.values.clock import Timestamp
from shared.values.identifiers import OrderId, Sku
from shared.values.money import Money
from shared.values.personal import Email


class SoldLine(Command):
    """So many pieces of a product, and what they came to."""

    sku: Sku
    quantity: int
    total: Money


class Transacted(Command):
    """The body of fraud's `POST /api/transactions`; `occurred_at` is the event's time.

    The whole transaction but for what names a person: fraud needs no name, street or telephone number.
    """

    order_id: OrderId
    email: Email
    total: Money
    decision: Literal["approve", "review", "deny"]
    occurred_at: Timestamp
    lines: tuple[SoldLine, ...]
    billing_country: str
    shipping_country: str


class Taken(View):
    """Fraud's answer; keyed by the order, so telling twice counts once."""

    order_id: OrderId


def forward_to_fraud(
    event: OrderConfirmed | OrderApproved, envelope: Envelope, db: Database, call: Calls, receipt: Receipt
) -> None:
    """Record the order in fraud's history; CallFailed makes the broker deliver again."""
    order = event.order
    body = Transacted(
        order_id=event.order_id,
        email=order.customer.email,
        total=order.total,
        decision=order.fraud.decision,
        occurred_at=envelope.time,
        lines=tuple(SoldLine(sku=line.sku, quantity=line.quantity, total=line.total) for line in order.lines),
        billing_country=order.billing_address.country,
        shipping_country=order.shipping_address.country,
    )
    call.post("fraud", "/api/transactions", body, Taken)
    db.transact(receipt.record, deferrable=True)
