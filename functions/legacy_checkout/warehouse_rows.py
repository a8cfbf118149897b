"""A shipment as the old warehouse listed it: a row for each SKU."""

from functions.legacy_checkout.answers import WarehouseRow
from functions.legacy_checkout.spoken import foreign_id, number
from shared.http.models import View
from shared.values.money import Money


class ShippedLineView(View):
    """A line of a shipment."""

    sku: str
    quantity: int
    net: Money
    tax: Money


class ShipmentView(View):
    """A shipment of warehouse."""

    shipment_id: str
    order_id: str
    status: str
    tracking_number: str | None = None
    lines: list[ShippedLineView]


class ShipmentsView(View):
    """warehouse's list."""

    items: list[ShipmentView]


def rows(shipment: ShipmentView) -> list[WarehouseRow]:
    """Return what of a shipment the old warehouse would show; a row's id is its shipment's and its place in it."""
    return [
        WarehouseRow(
            id=f"{shipment.shipment_id}.{place}",
            order_id=foreign_id(shipment.order_id),
            tracking_id=shipment.tracking_number,
            item=line.sku,
            quantity=line.quantity,
            cost=number(line.net + line.tax),
            currency=line.net.currency,
            status=shipment.status,
        )
        for place, line in enumerate(shipment.lines, start=1)
    ]
