"""The order as it is kept: what was ordered, every fact heard about it, and what lists and totals are found by."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from shared.events.priced_order import FraudDecision, FraudInputs, PricedOrder
from shared.storage import Document, Index
from shared.values.clock import Timestamp

Status = Literal[
    "requires_action",
    "confirmed",
    "held",
    "rejected",
    "partially_dispatched",
    "dispatched",
    "delivered",
    "cancelled",
]
Review = Literal["none", "silent", "waiting", "approved", "rejected"]


class Fact(BaseModel):
    """One thing that happened: the event's type, id and time, and the small part of it that an order's life needs.

    `pieces` counts pieces by SKU; `amount_minor` is in the order's currency.
    """

    model_config = ConfigDict(frozen=True)

    type: str
    id: str
    at: Timestamp
    by: str | None = None
    reason: str | None = None
    shipment_id: str | None = None
    pieces: dict[str, int] | None = None
    amount_minor: int | None = None

    @property
    def natural_key(self) -> tuple[str, str]:
        """What makes two facts the same one: an order is placed once, a shipment leaves once; money moves per event."""
        if self.type.startswith("payment."):
            return self.type, self.id
        return self.type, self.shipment_id or ""


class OrderLine(BaseModel):
    """What was ordered of one SKU; `quantity` counts pieces."""

    model_config = ConfigDict(frozen=True)

    sku: str
    name: str
    quantity: int


class UnderReview(BaseModel):
    """What only a held order needs: the whole order to approve, and fraud's question. Dropped at the decision."""

    model_config = ConfigDict(frozen=True)

    order: PricedOrder
    fraud_inputs: FraudInputs


class Order(Document):
    """One order. Until it is opened by checkout's event, only early facts are here and nothing is seen of it.

    `review_at` is when a review that waits is overdue, or when the decision was made. `opened_at` is the time of
    order.confirmed or order.held; `delivered_at` that of the delivery that made the order complete.
    """

    collection = "orders"
    key_field = "order_id"
    indexes = (
        Index("placed_at"),
        Index("status", "placed_at"),
        Index("customer_id", "placed_at"),
        Index("customer_id", "status", "placed_at"),
        Index("review", "review_at"),
        Index("currency", "opened_at"),
        Index("delivered_at"),
    )

    order_id: str
    facts: tuple[Fact, ...] = ()
    status: Status | None = None
    currency: str | None = None
    total_minor: int = 0
    customer_id: str | None = None
    lines: tuple[OrderLine, ...] = ()
    fraud: FraudDecision | None = None
    scored: bool = False
    """Whether fraud.scored was published."""
    placed_at: Timestamp | None = None
    opened_at: Timestamp | None = None
    delivered_at: Timestamp | None = None
    review: Review = "none"
    review_at: Timestamp | None = None
    under_review: UnderReview | None = None

    def has(self, *types: str) -> bool:
        """Whether a fact of one of these types was heard."""
        return any(fact.type in types for fact in self.facts)

    def describe(self, order: PricedOrder) -> None:
        """Take what is ordered, by whom and for how much from the order as it was placed."""
        self.currency, self.total_minor = order.currency, order.total.minor
        self.customer_id = order.customer.id
        self.lines = tuple(OrderLine(sku=line.sku, name=line.name, quantity=line.quantity) for line in order.lines)
        self.fraud, self.placed_at = order.fraud, order.placed_at

    def decided(self, decision: Literal["approved", "rejected"], at: datetime) -> None:
        """Close the review."""
        self.review, self.review_at, self.under_review = decision, at, None
