"""The order as it is kept: what was ordered, every fact heard about it, and what lists and totals are found by."""

from datetime import datetime
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from shared.events.priced_order import ExchangeRate, FraudDecision, FraudInputs, PricedOrder
from shared.storage import Document, Index
from shared.values.clock import Timestamp
from shared.values.personal import PersonalText

Status = Literal[
    "requires_action",
    "backordered",
    "confirmed",
    "held",
    "rejected",
    "partially_dispatched",
    "dispatched",
    "delivered",
    "cancelled",
]
ReturnStatus = Literal["requested", "authorized", "rejected", "lapsed", "received", "refund_failed", "refunded"]
Review = Literal["none", "silent", "waiting", "approved", "rejected", "cancelled"]
Fulfilment = Literal["parcel", "freight"]


class Kept(BaseModel):
    """A part of the document."""

    model_config = ConfigDict(frozen=True, defer_build=True)


class Way(Kept):
    """How a shipment left: from which location, and under which number its carrier knows it."""

    fulfilment: Fulfilment
    location: str
    tracking_number: str | None = None


class ChargedLine(Kept):
    """What was charged for the pieces of a SKU in a shipment, in minor units of the order's currency."""

    sku: str
    quantity: int
    net_minor: int
    tax_minor: int
    tax_rate: str
    jurisdiction: str | None = None


class Charged(Kept):
    """What was charged for a shipment that arrived: the most that can be given back for it."""

    fulfilment: Fulfilment
    lines: tuple[ChargedLine, ...]
    shipping_net_minor: int
    shipping_tax_minor: int


class Fact(Kept):
    """One thing that happened: the event's type, id and time, and the small part of it that an order's life needs.

    `ref` names the reduction, short pick, return or chargeback that it is about. `pieces` counts pieces by SKU;
    `amount_minor` is in the order's currency. `at` is in no index, so its text needs no form of its own. `way` is of
    what leaves, `charged` of what arrives (since schema 2).
    """

    type: str
    id: str
    at: AwareDatetime
    by: str | None = None
    reason: str | None = None
    shipment_id: str | None = None
    ref: str | None = None
    pieces: dict[str, int] | None = None
    amount_minor: int | None = None
    way: Way | None = None
    charged: Charged | None = None

    @property
    def natural_key(self) -> tuple[str, str]:
        """What makes two facts the same one: an order is placed once, a shipment leaves once; money moves per event."""
        if self.ref:
            return self.type, self.ref
        if self.type.startswith("payment."):
            return self.type, self.id
        return self.type, self.shipment_id or ""


class OrderLine(Kept):
    """What was ordered of one SKU; `quantity` counts pieces."""

    sku: str
    name: str
    quantity: int


class Contact(Kept):
    """Whom events about a return tell of it; the address was checked when the order was placed."""

    email: PersonalText
    first_name: PersonalText


class UnderReview(Kept):
    """What only a held order needs: the whole order to approve, and fraud's question. Dropped at the decision."""

    order: PricedOrder
    fraud_inputs: FraudInputs


class Order(Document):
    """One order. Until it is opened by checkout's event, only early facts are here and nothing is seen of it.

    `review_at` is when a review that waits is overdue, or when the decision was made. `opened_at` is the time of
    order.confirmed or order.held; `delivered_at` that of what made the order complete. `cancelling` is the
    cancellation that warehouse was asked about and has not answered; `cancellations` and `returns` are keys.

    Schema 1 kept no contact, and not what shipments charged: such an order can be returned once its events were
    delivered again.
    """

    collection = "orders"
    key_field = "order_id"
    current_schema = 2
    indexes = (
        Index("placed_at"),
        Index("status", "placed_at"),
        Index("customer_id", "placed_at"),
        Index("customer_id", "status", "placed_at"),
        Index("review", "review_at"),
        Index("currency", "opened_at", sums=("total_minor",)),
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
    contact: Contact | None = None
    seller: str | None = None
    exchange_rate: ExchangeRate | None = None
    cancelling: str | None = None
    cancellations: tuple[str, ...] = ()
    returns: tuple[str, ...] = ()

    @classmethod
    def upgrade(cls, data: dict[str, Any]) -> dict[str, Any]:
        """Take the buyer of an order that is still held from what is kept for its approval."""
        if data.get("contact") is None and data.get("under_review"):
            order = data["under_review"]["order"]
            data["contact"] = {name: order["customer"][name] for name in ("email", "first_name")}
        return data

    def model_dump_json(self, **options: Any) -> str:
        """Write what is there: of most facts most fields are not."""
        return super().model_dump_json(**{"exclude_none": True, **options})

    def has(self, *types: str) -> bool:
        """Whether a fact of one of these types was heard."""
        return any(fact.type in types for fact in self.facts)

    def describe(self, order: PricedOrder) -> None:
        """Take what is ordered, by whom and for how much from the order as it was placed."""
        self.currency, self.total_minor = order.currency, order.total.minor
        self.customer_id = order.customer.id
        self.lines = tuple(OrderLine(sku=line.sku, name=line.name, quantity=line.quantity) for line in order.lines)
        self.fraud, self.placed_at = order.fraud, order.placed_at
        self.describe_buyer(order)

    def describe_buyer(self, order: PricedOrder) -> None:
        """Take who bought, from whom and at which rate."""
        self.contact = Contact(email=order.customer.email, first_name=order.customer.first_name)
        self.seller, self.exchange_rate = order.seller, order.exchange_rate

    def decided(self, decision: Literal["approved", "rejected", "cancelled"], at: datetime) -> None:
        """Close the review."""
        self.review, self.review_at, self.under_review = decision, at, None
