"""What a customer's bank took back, as the gateway tells it."""

from typing import ClassVar

from shared.storage import Document, Index
from shared.values.clock import Timestamp
from shared.values.identifiers import OrderId, ShipmentId
from shared.values.money import Money


class Chargeback(Document):
    """A chargeback; the same one told twice is one. `taken` says of which captures, minor units by shipment."""

    collection: ClassVar[str] = "chargebacks"
    key_field: ClassVar[str] = "chargeback_id"
    indexes: ClassVar[tuple[Index, ...]] = (
        Index("order_id", "charged_back_at"),
        Index("currency", "charged_back_at", sums=("amount_minor",)),
    )

    chargeback_id: str
    order_id: OrderId
    gateway: str
    currency: str
    amount_minor: int
    fee_minor: int
    taken: dict[ShipmentId, int]
    reason: str
    charged_back_at: Timestamp

    @property
    def amount(self) -> Money:
        """What was taken back, without the gateway's fee."""
        return Money(self.currency, self.amount_minor)

    @property
    def fee(self) -> Money:
        """What the gateway asks for it."""
        return Money(self.currency, self.fee_minor)
