"""The order as checkout keeps it: what was asked, how far the saga came, and what was answered."""

from datetime import timedelta
from typing import Any, ClassVar, Literal

from functions.checkout.basket import PlaceOrder
from shared.errors import BoutiqueError, Invalid, PaymentUnavailable, Refusal, Unavailable, refusal
from shared.events.priced_order import FraudDecision, FraudInputs, OrderTotals, PricedOrder
from shared.http.models import Answer
from shared.storage import Document, Index
from shared.storage.instances import Instance
from shared.values.clock import Timestamp
from shared.values.money import Money

STALE = timedelta(seconds=60)
"""After so long a running saga may be taken over even from a living process.

Its fencing number keeps the old one out.
"""


class AnsweredLine(Answer):
    """One line as the customer sees it: total = unit_price x quantity - discount + rounding + tax."""

    sku: str
    quantity: int
    unit_price: Money
    discount: Money
    rounding: Money
    tax: Money
    total: Money


class PaymentState(Answer):
    """What is left to do for the payment, if anything."""

    next_action: dict[str, str] | None = None


class Quote(OrderTotals):
    """What a basket costs."""

    currency: str
    lines: list[AnsweredLine]


class PlacedOrder(Quote):
    """A placed order."""

    order_id: str
    status: Literal["confirmed", "held", "requires_action", "backordered"]
    fraud: FraudDecision
    payment: PaymentState


class Failure(Answer):
    """Why a saga is undone: the error as it will be answered."""

    code: str
    detail: str
    status: int
    extra: dict[str, Any]

    @classmethod
    def of(cls, error: BoutiqueError) -> "Failure":
        """Keep an error; what is neither a refusal nor wrong input nor a matter of time is our mistake: Unavailable."""
        if not isinstance(error, Refusal | Invalid | Unavailable):
            error = Unavailable("checkout failed and was undone")
        return cls(code=error.code, detail=error.detail, status=error.status, extra=error.extra)

    def error(self) -> BoutiqueError:
        """Return the error to answer."""
        if self.code == PaymentUnavailable.code:
            return PaymentUnavailable(self.detail)
        if self.code == Invalid.code:
            return Invalid(*((each["field"], each["message"]) for each in self.extra["errors"]))
        return Unavailable(self.detail) if self.status == 503 else refusal(self.code, self.detail, **self.extra)

    @property
    def is_final(self) -> bool:
        """Whether the same key gets this answer for good; after a 503 or wrong input it starts anew."""
        return isinstance(self.error(), Refusal)


class Order(Document):
    """A checkout saga and its outcome, keyed by order.

    running -> placed | awaiting_customer | undoing; awaiting_customer -> placed | undoing; undoing -> refused.
    `attempt` fences: whoever drives the saga holds its number, and only that number may decide or commit.
    """

    collection: ClassVar[str] = "orders"
    key_field: ClassVar[str] = "order_id"
    indexes: ClassVar[tuple[Index, ...]] = (
        Index("state", "created_at"),
        Index("currency", "placed_at", sums=("total_minor",)),
        Index("refused_at"),
    )

    order_id: str
    request: PlaceOrder
    receipt: str
    channel: str | None = None
    created_at: Timestamp
    state: Literal["running", "awaiting_customer", "placed", "undoing", "refused"] = "running"
    attempt: int = 1
    owner: str = ""
    leased_at: Timestamp
    failure: Failure | None = None
    fraud: FraudDecision | None = None
    awaiting: PricedOrder | None = None
    inputs: FraudInputs | None = None
    action_was_required: bool = False
    expires_at: Timestamp | None = None
    answer: PlacedOrder | None = None
    currency: str
    total_minor: int = 0
    placed_at: Timestamp | None = None
    refused_at: Timestamp | None = None

    def is_free(self, instance: Instance, now: Any) -> bool:
        """Whether nobody drives this saga any more."""
        abandoned = not self.owner or instance.is_gone(self.owner, self.leased_at, now)
        return abandoned or self.leased_at + STALE < now
