"""What an order or a part of it charges, line by line, and what is left of it."""

from collections.abc import Sequence

from pydantic import BaseModel

from shared.events.order import OrderReduced
from shared.events.priced_order import PricedOrder
from shared.events.shipment import ShipmentLine
from shared.values.money import Money, total


class Amounts(BaseModel):
    """What an invoice charges; total = lines' net + tax + shipping_net + shipping_tax."""

    lines: tuple[ShipmentLine, ...]
    shipping_net: Money
    shipping_tax: Money
    total: Money


def ordered(order: PricedOrder) -> Amounts:
    """Return what the whole order charges, line by line."""
    return Amounts(
        lines=tuple(
            ShipmentLine(
                sku=line.sku,
                name=line.name,
                quantity=line.quantity,
                net=line.total - line.tax,
                tax=line.tax,
                tax_rate=line.tax_rate,
                tax_treatment=line.tax_treatment,
                jurisdiction=line.jurisdiction,
            )
            for line in order.lines
        ),
        shipping_net=order.shipping,
        shipping_tax=order.shipping_tax,
        total=order.total,
    )


def reduced(event: OrderReduced) -> Amounts:
    """Return what of an order will never be charged."""
    return Amounts(
        lines=tuple(ShipmentLine.model_validate(line.model_dump()) for line in event.lines),
        shipping_net=event.shipping_net,
        shipping_tax=event.shipping_tax,
        total=event.total,
    )


def remainder(whole: Amounts, parts: Sequence[Amounts]) -> Amounts | None:
    """Return what of an order is not invoiced yet, lines of one SKU as one, or None if nothing is."""
    left: dict[tuple[str, str], ShipmentLine] = {}
    for line in whole.lines:
        left.setdefault((line.sku, line.tax_rate), line)
    for key, first in left.items():
        same = [line for line in whole.lines if (line.sku, line.tax_rate) == key]
        gone = [line for part in parts for line in part.lines if (line.sku, line.tax_rate) == key]
        left[key] = first.model_copy(
            update={
                "quantity": sum(line.quantity for line in same) - sum(line.quantity for line in gone),
                "net": _difference([line.net for line in same], [line.net for line in gone]),
                "tax": _difference([line.tax for line in same], [line.tax for line in gone]),
            }
        )
    lines = tuple(line for line in left.values() if line.quantity or line.net or line.tax)
    amounts = Amounts(
        lines=lines,
        shipping_net=_difference([whole.shipping_net], [part.shipping_net for part in parts]),
        shipping_tax=_difference([whole.shipping_tax], [part.shipping_tax for part in parts]),
        total=_difference([whole.total], [part.total for part in parts]),
    )
    return amounts if lines or amounts.total else None


def _difference(had: Sequence[Money], gone: Sequence[Money]) -> Money:
    currency = had[0].currency
    return total(had, currency) - total(gone, currency)
