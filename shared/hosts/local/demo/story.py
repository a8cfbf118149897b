"""What became of one order: what was answered, when, and what the services hold about it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from shared.hosts.local.demo.answers import (
    Documents,
    Entry,
    Invoice,
    Message,
    Order,
    Payment,
    Reply,
    Reservation,
    Shipment,
)
from shared.hosts.local.demo.orders import Basket
from shared.hosts.local.demo.shop import Shop

LEGS = ("invoice", "issue", "capture", "revenue", "cost_of_sales")
"""What accounting posts for each shipment; the middle part of a journal entry's id."""


@dataclass
class Story:
    """One order's story; times are the services' own."""

    basket: Basket
    began: datetime
    quoted: str = ""
    replies: list[Reply] = field(default_factory=list)
    waiting: Documents | None = None
    """What the services held while the order waited for a person."""
    drafted_at: datetime | None = None
    documents: Documents = field(default_factory=Documents)
    orders_of_customer: int = 0

    def ms(self, moment: datetime) -> float:
        """Milliseconds since the order was sent."""
        return (moment - self.began) / timedelta(milliseconds=1)

    def last(self, moments: Iterable[datetime | None]) -> float:
        """Milliseconds from sending the order to the last of some moments."""
        return max(self.ms(moment) for moment in moments if moment)

    @property
    def accepted(self) -> dict[str, Any] | None:
        """The body of the 201, if there is one."""
        return next((reply.body for reply in self.replies if reply.status == 201), None)


def documents(operator: Shop, order_id: str) -> Documents:
    """Read what every service holds about an order."""
    of = f"?order_id={order_id}"
    held = {
        ledger: operator.find(f"/{ledger}/reservations/{order_id}", Reservation)
        for ledger in ("inventory", "furniture")
    }
    return Documents(
        operator.find(f"/order_management/orders/{order_id}", Order),
        operator.items(f"/warehouse/shipments{of}", Shipment),
        operator.items(f"/accounting/invoices{of}", Invoice),
        operator.items(f"/payment/payments{of}", Payment),
        operator.items(f"/notification/messages{of}", Message),
        operator.items(f"/accounting/entries{of}", Entry),
        {ledger: reservation for ledger, reservation in held.items() if reservation},
    )


def packed(found: Documents) -> bool:
    """Whether shipments are planned and the invoice is drafted."""
    return bool(found.order and found.shipments and found.invoices)


def sent(found: Documents) -> bool:
    """Whether every shipment left."""
    return all(shipment.dispatched_at for shipment in found.shipments)


def paid(found: Documents) -> bool:
    """Whether money was taken for every shipment."""
    return len(captures(found)) >= len(found.shipments)


def arrived(found: Documents) -> bool:
    """Whether order_management heard of every arrival and every payment."""
    return found.order is not None and found.order.status == "delivered"


def booked(found: Documents) -> bool:
    """Whether invoices have their numbers, mails have left, and the ledger has all of every shipment."""
    legs = [entry_id.split(".")[1] for entry_id in {entry.entry_id for entry in found.entries}]
    posted = all(legs.count(leg) >= len(found.shipments) for leg in LEGS)
    told = sum(message.status == "sent" for message in found.messages) > len(found.shipments)
    return posted and told and all(invoice.issued_at for invoice in found.invoices)


def approvals(found: Documents) -> list[datetime]:
    """When an order was approved."""
    return [fact.at for fact in found.order.history if fact.type == "order.approved"] if found.order else []


def captures(found: Documents) -> list[Payment]:
    """Return what was taken from the card."""
    return [each for each in found.payments if each.type == "capture" and each.status == "captured"]
