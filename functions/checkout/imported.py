"""An order that another checkout took and was paid for: the document, and what is asked to take it in."""

from typing import ClassVar, Literal

from pydantic import Field

from functions.checkout.basket import Piece
from functions.checkout.order import PlacedOrder
from shared.events.priced_order import FraudDecision, FraudReason, MissingGoods
from shared.http.models import Answer, Command
from shared.storage import Document, Index
from shared.values.address import Address
from shared.values.clock import Timestamp
from shared.values.identifiers import OrderId, Sku
from shared.values.money import Money
from shared.values.personal import Email, PersonalName

TAKEN_ELSEWHERE = FraudDecision(decision="approve", reasons=(FraudReason(code="taken_elsewhere", points=0),))
"""Fraud was not asked: the money had been taken before the order came here."""


STATUSES: dict[str, Literal["confirmed", "backordered", "cancelled"]] = {
    "placed": "confirmed",
    "backordered": "backordered",
    "withdrawn": "cancelled",
}


class PaidItem(Piece):
    """A SKU, how many, and what was paid for all of them, tax and all."""

    sku: Sku
    quantity: int = Field(ge=1, le=10_000)
    paid: Money


class Paying(Piece):
    """Who ordered, as the other checkout says."""

    email: Email
    first_name: PersonalName
    last_name: PersonalName


class ImportOrder(Command):
    """An order whose payment is taken. Its total is the sum of what was paid for the items and for shipping.

    `origin` is the checkout that took it, and the gateway that its money lies with; `payment_id` is its own reference.
    """

    order_id: OrderId
    origin: str = Field(pattern=r"^[a-z][a-z0-9_-]{1,30}$")
    payment_id: str = Field(min_length=1, max_length=100)
    customer: Paying
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    items: list[PaidItem] = Field(min_length=1, max_length=100)
    shipping: Money
    shipping_address: Address
    placed_at: Timestamp

    @property
    def quantities(self) -> list[dict[str, object]]:
        """Pieces by SKU, as stock is reserved."""
        return [{"sku": item.sku, "quantity": item.quantity} for item in self.items]


class ImportedOrder(Document):
    """One order that came in. backordered -> placed or withdrawn, or placed at once; what was refused is not kept."""

    collection: ClassVar[str] = "imported_orders"
    key_field: ClassVar[str] = "order_id"
    indexes: ClassVar[tuple[Index, ...]] = (
        Index("state", "imported_at"),
        Index("currency", "placed_at", sums=("total_minor",)),
    )

    order_id: OrderId
    origin: str
    state: Literal["backordered", "placed", "withdrawn"]
    currency: str
    total_minor: int
    answer: PlacedOrder
    missing: tuple[MissingGoods, ...] = ()
    imported_at: Timestamp
    placed_at: Timestamp | None = None


class ImportAnswer(Answer):
    """What became of it, and the tax that was found in what was paid."""

    order_id: OrderId
    status: Literal["confirmed", "backordered", "cancelled"]
    tax: Money
    total: Money
    missing: tuple[MissingGoods, ...] = ()


def told(imported: ImportedOrder) -> ImportAnswer:
    """Return the answer to whoever brought it."""
    return ImportAnswer(
        order_id=imported.order_id,
        status=STATUSES[imported.state],
        tax=imported.answer.tax,
        total=imported.answer.total,
        missing=imported.missing,
    )
