"""The document of a return that warehouse expects, and what of it came, to the cent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Literal

from shared.errors import Invalid
from shared.events.priced_order import ExchangeRate
from shared.events.returned_goods import ReturnLine
from shared.events.shipment import ReceivedLine
from shared.http.models import Answer
from shared.storage import Document, Index
from shared.values.clock import Timestamp
from shared.values.identifiers import CustomerId, OrderId
from shared.values.money import Money

Disposition = Literal["restock", "quarantine"]
ReturnStatus = Literal["expected", "received", "lapsed"]
"""lapsed: nothing came in time; what comes after that needs another return."""
COMES_WITHIN = timedelta(days=30)
"""How long an authorized return is expected."""


class ExpectedReturn(Document):
    """An authorized return; `total_minor` is what came, for control totals; each time is that of its event."""

    collection: ClassVar[str] = "returns"
    key_field: ClassVar[str] = "return_id"
    indexes: ClassVar[tuple[Index, ...]] = (
        Index("order_id", "expected_at"),
        Index("status", "expected_at"),
        Index("expected_at"),
        Index("currency", "received_at", sums=("total_minor",)),
        Index("lapsed_at"),
    )

    return_id: str
    order_id: str
    status: ReturnStatus = "expected"
    customer_id: CustomerId
    currency: str
    lines: tuple[ReturnLine, ...]
    shipping_net: Money
    shipping_tax: Money
    seller: str | None = None
    exchange_rate: ExchangeRate | None = None
    expected_at: Timestamp
    received: tuple[ReceivedLine, ...] = ()
    received_by: str | None = None
    received_at: Timestamp | None = None
    lapsed_at: Timestamp | None = None
    total_minor: int = 0


class ReturnAnswer(Answer):
    """A return as it is shown."""

    return_id: str
    order_id: OrderId
    status: ReturnStatus
    lines: tuple[ReturnLine, ...]
    shipping_net: Money
    shipping_tax: Money
    received: tuple[ReceivedLine, ...] = ()
    received_by: str | None = None
    expected_at: Timestamp
    received_at: Timestamp | None = None
    lapsed_at: Timestamp | None = None


def shown(expected: ExpectedReturn) -> ReturnAnswer:
    """Return the answer for a return."""
    return ReturnAnswer.model_validate(expected, from_attributes=True)


@dataclass
class Arrival:
    """Pieces of a SKU on the dock, and what is to become of them; `quantity` is counted down as lines take them."""

    sku: str
    quantity: int
    disposition: Disposition


def came(lines: Sequence[ReturnLine], arrivals: Sequence[Arrival], location: str) -> list[ReceivedLine]:
    """Match what came with what is authorized, line by line; Invalid if more came than that.

    Each part of a line has its share of the line's net and tax by largest remainder, what did not come included.
    """
    received = [part for line in lines for part in _of_line(line, arrivals, location)]
    for number, each in enumerate(arrivals):
        if each.quantity:
            raise Invalid((f"lines.{number}.quantity", f"{each.quantity} more of {each.sku} than this return allows"))
    return received


def _of_line(line: ReturnLine, arrivals: Sequence[Arrival], location: str) -> list[ReceivedLine]:
    parts: list[tuple[int, Disposition]] = []
    missing = line.quantity
    for each in arrivals:
        use = min(missing, each.quantity) if each.sku == line.sku else 0
        if use:
            parts.append((use, each.disposition))
            each.quantity -= use
            missing -= use
    weights = [*(use for use, _ in parts), missing]
    amounts = zip(parts, line.net.apportion(weights), line.tax.apportion(weights), strict=False)
    return [
        ReceivedLine.model_validate(
            {
                **dict(line),
                "quantity": use,
                "net": net,
                "tax": tax,
                "location": location,
                "disposition": disposition,
            }
        )
        for (use, disposition), net, tax in amounts
    ]
