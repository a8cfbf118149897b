"""Taking pieces out of planned shipments: which, and what they are worth; what remains and what is taken is what was.

A piece's net and tax are its share of its line by largest remainder. A shipment's shipping is charged as long as
anything of it leaves.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from functions.warehouse.parcels import Goods, pack
from functions.warehouse.shipment import Shipment
from shared.events.order import ReducedLine
from shared.events.shipment import ShipmentLine
from shared.http.models import Answer
from shared.storage import Document
from shared.values.identifiers import OrderId, ShipmentId
from shared.values.money import Money, total


class Reduced(Answer):
    """What will not leave, what had left, and what is not charged.

    total = sum of the lines' net and tax + shipping_net + shipping_tax (shipping of what is stopped wholly). The
    amounts are missing where nothing was ever planned, so that nobody knows their currency.
    """

    order_id: OrderId
    stopped: list[ShipmentId]
    already_left: list[ShipmentId]
    lines: list[ReducedLine] = []
    shipping_net: Money | None = None
    shipping_tax: Money | None = None
    total: Money | None = None


class Reduction(Document):
    """A decision that was made, under the id of who asked for it: asked again, it gives the same answer."""

    collection: ClassVar[str] = "reductions"
    key_field: ClassVar[str] = "reduction_id"

    reduction_id: str
    order_id: str
    by: str
    reason: str
    answer: Reduced


def split(line: ShipmentLine, taken: int) -> tuple[ShipmentLine | None, ShipmentLine]:
    """Return what remains of a line (None for nothing) and the `taken` pieces, with exactly the line's amounts."""
    if taken == line.quantity:
        return None, line
    left = line.quantity - taken
    nets, taxes = line.net.apportion([left, taken]), line.tax.apportion([left, taken])
    rest = line.model_copy(update={"quantity": left, "net": nets[0], "tax": taxes[0]})
    return rest, line.model_copy(update={"quantity": taken, "net": nets[1], "tax": taxes[1]})


def take(shipment: Shipment, wanted: dict[str, int]) -> list[ShipmentLine]:
    """Take up to `wanted` pieces by SKU (counted down here) out of a shipment's lines, the last line first.

    A shipment of which something remains is worth less and is packed again; one of which nothing remains keeps its
    lines and amounts, and the caller says what becomes of it.
    """
    rest: list[ShipmentLine] = []
    taken: list[ShipmentLine] = []
    for line in reversed(shipment.lines):
        use = min(line.quantity, wanted.get(line.sku, 0))
        if not use:
            rest.insert(0, line)
            continue
        wanted[line.sku] -= use
        remains, gone = split(line, use)
        taken.insert(0, gone)
        if remains:
            rest.insert(0, remains)
    if taken and rest:
        refill(shipment, rest)
    return taken


def refill(shipment: Shipment, lines: Sequence[ShipmentLine]) -> None:
    """Give a planned shipment these lines: its worth and its parcels follow from them; what was packed is unpacked."""
    shipment.lines = tuple(lines)
    if shipment.awaiting:
        shipment.awaiting = sum(line.quantity for line in lines)
    shipment.goods_net = total([line.net for line in lines], shipment.currency)
    shipment.goods_tax = total([line.tax for line in lines], shipment.currency)
    shipment.total = shipment.goods_net + shipment.goods_tax + shipment.shipping_net + shipment.shipping_tax
    shipment.total_minor = shipment.total.minor
    shipment.sscc, shipment.packed_by, shipment.packed_at = (), None, None
    shipment.parcels = pack(
        [Goods(line.sku, line.quantity, shipment.piece_g.get(line.sku, 0)) for line in lines], shipment.fulfilment
    )


def reduced(shipment: Shipment, lines: Sequence[ShipmentLine]) -> list[ReducedLine]:
    """Say of pieces taken out of a shipment where they were to come from."""
    return [
        ReducedLine(
            shipment_id=shipment.shipment_id,
            location=shipment.location,
            fulfilment=shipment.fulfilment,
            sku=line.sku,
            name=line.name,
            quantity=line.quantity,
            net=line.net,
            tax=line.tax,
            tax_rate=line.tax_rate,
            jurisdiction=line.jurisdiction,
        )
        for line in lines
    ]


def summed(
    order_id: str, shipments: Sequence[Shipment], lines: Sequence[ReducedLine], emptied: Sequence[Shipment]
) -> Reduced:
    """Add up an answer: the lines taken, and the shipping of the shipments that they emptied."""
    stopped = [each.shipment_id for each in shipments if each.status == "stopped"]
    left = [each.shipment_id for each in shipments if each.status in ("dispatched", "delivered")]
    if not shipments:
        return Reduced(order_id=order_id, stopped=stopped, already_left=left)
    currency = shipments[0].currency
    shipping_net = total([each.shipping_net for each in emptied], currency)
    shipping_tax = total([each.shipping_tax for each in emptied], currency)
    goods = total([amount for line in lines for amount in (line.net, line.tax)], currency)
    return Reduced(
        order_id=order_id,
        stopped=stopped,
        already_left=left,
        lines=list(lines),
        shipping_net=shipping_net,
        shipping_tax=shipping_tax,
        total=goods + shipping_net + shipping_tax,
    )


def pieces(shipments: Sequence[Shipment]) -> Mapping[str, int]:
    """Count the pieces by SKU in these shipments."""
    found: dict[str, int] = {}
    for line in (line for shipment in shipments for line in shipment.lines):
        found[line.sku] = found.get(line.sku, 0) + line.quantity
    return found
