"""The return of delivered pieces: its document, and what its pieces are worth."""

from typing import Annotated

from pydantic import Field, StringConstraints

from functions.order_management.order import Order, ReturnStatus
from shared.errors import NotFound
from shared.events.returned_goods import ReturnAmounts, ReturnLine
from shared.storage import Document, Index
from shared.storage.database import Reader
from shared.values.clock import Timestamp
from shared.values.identifiers import ShipmentId
from shared.values.money import Money, total

ReturnId = Annotated[str, StringConstraints(pattern=r"^ret_[0-9A-Za-z-]{1,60}$")]

ENDED_WITHOUT = ("rejected", "lapsed")
"""States in which a return takes nothing of its order: its pieces may be asked back again."""


class Worth(ReturnAmounts):
    """Pieces, and what was charged for exactly these; `shipping_of` are the shipments whose shipping is given back."""

    lines: tuple[ReturnLine, ...] = Field(min_length=1)
    shipping_of: tuple[ShipmentId, ...] = ()

    @property
    def amounts(self) -> dict[str, Money]:
        """The five amounts of an event."""
        return {name: getattr(self, name) for name in ReturnAmounts.model_fields}

    @property
    def pieces(self) -> dict[str, int]:
        """The pieces by SKU."""
        return pieces_of(self.lines)


class Return(Document):
    """One return. `requested` is what may come back, `received` what did.

    `refunded_minor` is in `currency`; each time is that of the event that says the same.
    """

    collection = "returns"
    key_field = "return_id"
    indexes = (
        Index("requested_at"),
        Index("status", "requested_at"),
        Index("currency", "refunded_at", sums=("refunded_minor",)),
    )

    return_id: str
    order_id: str
    customer_id: str
    currency: str
    status: ReturnStatus = "requested"
    by: str
    reason: str
    reference: str | None = None
    wanted: dict[str, int] | None = None
    refund_shipping: bool = False
    requested: Worth
    received: Worth | None = None
    requested_at: Timestamp
    refunded_at: Timestamp | None = None
    refunded_minor: int = 0

    @property
    def worth(self) -> Worth | None:
        """What this return takes of the order: what was asked for until it came, then what came; None for nothing."""
        if self.status in ENDED_WITHOUT:
            return None
        return self.received or self.requested

    def same_as(
        self, by: str, reason: str, wanted: dict[str, int] | None, reference: str | None, refund_shipping: bool
    ) -> bool:
        """Whether this is what is asked for again; a return that came to nothing may be asked for anew."""
        if self.status in ENDED_WITHOUT:
            return False
        if reference or self.reference:
            return reference == self.reference
        asked = (by, reason, wanted, refund_shipping)
        return asked == (self.by, self.reason, self.wanted, self.refund_shipping)


def pieces_of(lines: tuple[ReturnLine, ...]) -> dict[str, int]:
    """Count pieces by SKU."""
    pieces: dict[str, int] = {}
    for line in lines:
        pieces[line.sku] = pieces.get(line.sku, 0) + line.quantity
    return pieces


def worth_of(
    lines: tuple[ReturnLine, ...], shipping: tuple[Money, Money], shipping_of: tuple[str, ...], currency: str
) -> Worth:
    """Add up what these lines and this shipping (net, tax) come to."""
    goods_net, goods_tax = (total([getattr(line, name) for line in lines], currency) for name in ("net", "tax"))
    return Worth(
        lines=lines,
        goods_net=goods_net,
        goods_tax=goods_tax,
        shipping_net=shipping[0],
        shipping_tax=shipping[1],
        total=goods_net + goods_tax + shipping[0] + shipping[1],
        shipping_of=shipping_of,
    )


def returns_of(reader: Reader, order: Order) -> list[Return]:
    """Return an order's returns, as they were requested."""
    found = [reader.get(Return, return_id) for return_id in order.returns]
    return [each for each in found if each is not None]


def find_return(reader: Reader, order_id: str, return_id: str) -> Return:
    """Return a return of this order; NotFound if there is none."""
    found = reader.get(Return, return_id)
    if found is None or found.order_id != order_id:
        raise NotFound(f"order {order_id} has no return {return_id}")
    return found
