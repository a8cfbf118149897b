"""Goods that come back: the parts that events of returns are made of."""

from typing import Literal

from pydantic import Field

from shared.events.envelope import Part
from shared.values.identifiers import ShipmentId, Sku
from shared.values.money import Money


class ReturnLine(Part):
    """Pieces of a delivered shipment that come back, with what was charged for exactly these pieces."""

    shipment_id: ShipmentId
    fulfilment: Literal["parcel", "freight"]
    sku: Sku
    name: str
    quantity: int = Field(ge=1)
    net: Money
    tax: Money
    tax_rate: str
    jurisdiction: str | None = None


class ReturnAmounts(Part):
    """What a return is worth: total = goods_net + goods_tax + shipping_net + shipping_tax, exactly as charged."""

    goods_net: Money
    goods_tax: Money
    shipping_net: Money
    shipping_tax: Money
    total: Money
