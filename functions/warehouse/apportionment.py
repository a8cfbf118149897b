"""Dividing an order over its shipments: pieces by location, money to the last cent.

Net and tax of a line go by pieces, a shipping charge by weight, each by largest remainder: all shipments together are
worth exactly the order. A residual cent that is as near to one shipment as to another goes to the first.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from functions.warehouse.parcels import Fulfilment, Goods
from shared.errors import Undeliverable
from shared.events.priced_order import PricedLine, PricedOrder, ShippingCharge
from shared.events.shipment import ShipmentLine
from shared.values.money import Money, total

Picks = Mapping[str, Sequence[tuple[str, int]]]
"""By SKU: from which location how many pieces are taken."""


@dataclass
class Share:
    """What of an order leaves from one location in one way."""

    fulfilment: Fulfilment
    location: str
    shipping_net: Money
    shipping_tax: Money
    shipping_jurisdiction: str | None = None
    lines: list[ShipmentLine] = field(default_factory=list)
    goods: list[Goods] = field(default_factory=list)

    @property
    def goods_net(self) -> Money:
        """The lines' net."""
        return total([line.net for line in self.lines], self.shipping_net.currency)

    @property
    def goods_tax(self) -> Money:
        """The lines' tax."""
        return total([line.tax for line in self.lines], self.shipping_net.currency)

    @property
    def total(self) -> Money:
        """What the customer owes for this share."""
        return self.goods_net + self.goods_tax + self.shipping_net + self.shipping_tax

    @property
    def weight_g(self) -> int:
        """What the goods weigh."""
        return sum(each.quantity * each.piece_g for each in self.goods)


def divide(order: PricedOrder, picks: Picks) -> list[Share]:
    """Return the shares, parcels before freight, by location; Undeliverable if picks or amounts don't fit the order."""
    left = {sku: sorted(taken) for sku, taken in picks.items()}
    pieces = [_taken(line, left.get(line.sku, [])) for line in order.lines]
    keys = {(line.fulfilment, location) for line, taken in zip(order.lines, pieces, strict=True) for location in taken}
    nothing = Money.zero(order.currency)
    shares = {key: Share(key[0], key[1], nothing, nothing) for key in sorted(keys, key=_parcels_first)}
    for line, taken in zip(order.lines, pieces, strict=True):
        _divide_line(line, taken, shares)
    for charge in order.shipping_charges:
        _divide_charge(charge, list(shares.values()))
    found = list(shares.values())
    if total([share.total for share in found], order.currency) != order.total:
        raise Undeliverable(f"the lines and charges of {order.order_id} don't add up to its total")
    return found


def _parcels_first(key: tuple[Fulfilment, str]) -> tuple[bool, str]:
    return key[0] == "freight", key[1]


def _taken(line: PricedLine, left: list[tuple[str, int]]) -> dict[str, int]:
    """Take a line's pieces from what is left of the picks of its SKU (consumed here): by location, how many."""
    taken: dict[str, int] = defaultdict(int)
    wanted = line.quantity
    while wanted and left:
        location, there = left.pop(0)
        use = min(wanted, there)
        taken[location] += use
        wanted -= use
        if there > use:
            left.insert(0, (location, there - use))
    if wanted:
        raise Undeliverable(f"{wanted} of {line.quantity} pieces of {line.sku} are not reserved anywhere")
    return dict(taken)


def _divide_line(line: PricedLine, taken: Mapping[str, int], shares: Mapping[tuple[Fulfilment, str], Share]) -> None:
    locations, quantities = list(taken), list(taken.values())
    nets = (line.unit_price * line.quantity - line.discount + line.rounding).apportion(quantities)
    taxes = line.tax.apportion(quantities)
    for location, quantity, net, tax in zip(locations, quantities, nets, taxes, strict=True):
        share = shares[line.fulfilment, location]
        share.lines.append(
            ShipmentLine(
                sku=line.sku,
                name=line.name,
                quantity=quantity,
                net=net,
                tax=tax,
                tax_rate=line.tax_rate,
                tax_treatment=line.tax_treatment,
                jurisdiction=line.jurisdiction,
            )
        )
        share.goods.append(Goods(line.sku, quantity, line.weight_g))


def _divide_charge(charge: ShippingCharge, shares: Sequence[Share]) -> None:
    """Give a charge to the shares it is for, by weight; to all if none is of its kind."""
    bearers = [share for share in shares if share.fulfilment == charge.fulfilment] or shares
    weights = [share.weight_g for share in bearers]
    for share, net, tax in zip(bearers, charge.net.apportion(weights), charge.tax.apportion(weights), strict=True):
        share.shipping_net += net
        share.shipping_tax += tax
        share.shipping_jurisdiction = charge.jurisdiction
