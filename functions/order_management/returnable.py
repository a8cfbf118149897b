"""What of an order can come back, and what exactly was charged for it.

The n pieces of a shipment's line are worth its net and tax divided by `Money.apportion`; what one return takes is gone
for the next. So whatever way the pieces come back, all together give back exactly what was charged, to the cent.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from functions.order_management.life import Life
from functions.order_management.order import Charged, ChargedLine, Fulfilment, Order
from functions.order_management.returns import Return, Worth, worth_of
from shared.errors import IllegalTransition
from shared.events.returned_goods import ReturnLine
from shared.values.money import Money


@dataclass
class Left:
    """Pieces of one SKU of one delivered shipment that are in no return, and what they are worth."""

    shipment_id: str
    fulfilment: Fulfilment
    line: ChargedLine
    quantity: int
    net: Money
    tax: Money

    def take(self, quantity: int, name: str) -> ReturnLine:
        """Take some of these pieces: the first ones, so that later ones are worth what then is left."""
        ones = [1] * self.quantity
        net, tax = (sum(part.apportion(ones)[:quantity], part * 0) for part in (self.net, self.tax))
        self.quantity, self.net, self.tax = self.quantity - quantity, self.net - net, self.tax - tax
        return ReturnLine(
            shipment_id=self.shipment_id,
            fulfilment=self.fulfilment,
            sku=self.line.sku,
            name=name,
            quantity=quantity,
            net=net,
            tax=tax,
            tax_rate=self.line.tax_rate,
            jurisdiction=self.line.jurisdiction,
        )


def left_to_return(order: Order, life: Life, returns: Sequence[Return]) -> list[Left]:
    """Return what has arrived and is in no other return, by shipment."""
    currency = str(order.currency)
    left = {}
    for shipment_id, charged in _delivered(life).items():
        for line in charged.lines:
            net, tax = Money(currency, line.net_minor), Money(currency, line.tax_minor)
            left[shipment_id, line.sku] = Left(shipment_id, charged.fulfilment, line, line.quantity, net, tax)
    for goods in returns:
        for taken in goods.worth.lines if goods.worth else ():
            there = left[taken.shipment_id, taken.sku]
            there.quantity -= taken.quantity
            there.net -= taken.net
            there.tax -= taken.tax
    return list(left.values())


def _delivered(life: Life) -> dict[str, Charged]:
    delivered = {}
    for fact in life.history:
        if fact.type == "shipment.delivered" and fact.shipment_id:
            if fact.charged is None:
                raise IllegalTransition(f"what {fact.shipment_id} charged was not kept; have its delivery told again")
            delivered[fact.shipment_id] = fact.charged
    return delivered


def worth_to_return(
    order: Order, life: Life, returns: Sequence[Return], wanted: dict[str, int] | None, refund_shipping: bool
) -> Worth:
    """Choose the pieces that a return takes (all for None) and say what they are worth.

    Shipping is given back once per shipment that pieces are taken of. IllegalTransition if so many pieces are not
    there to come back.
    """
    names = {line.sku: line.name for line in order.lines}
    left = left_to_return(order, life, returns)
    there: dict[str, int] = {}
    for each in left:
        there[each.line.sku] = there.get(each.line.sku, 0) + each.quantity
    wanted = {sku: count for sku, count in there.items() if count} if wanted is None else dict(wanted)
    if not wanted:
        raise IllegalTransition(f"order {order.order_id} is {life.status}; nothing of it can be returned")
    for sku, quantity in wanted.items():
        if quantity > there.get(sku, 0):
            raise IllegalTransition(f"{there.get(sku, 0)} pieces of {sku} can be returned, not {quantity}")
    lines = []
    for each in left:
        taken = min(each.quantity, wanted.get(each.line.sku, 0))
        if taken:
            wanted[each.line.sku] -= taken
            lines.append(each.take(taken, names[each.line.sku]))
    return _with_shipping(order, life, returns, tuple(lines), refund_shipping)


def _with_shipping(
    order: Order, life: Life, returns: Sequence[Return], lines: tuple[ReturnLine, ...], refund_shipping: bool
) -> Worth:
    given = {shipment_id for goods in returns if goods.worth for shipment_id in goods.worth.shipping_of}
    touched = dict.fromkeys(line.shipment_id for line in lines) if refund_shipping else {}
    of = tuple(shipment_id for shipment_id in touched if shipment_id not in given)
    charged = _delivered(life)
    net = sum(charged[shipment_id].shipping_net_minor for shipment_id in of)
    tax = sum(charged[shipment_id].shipping_tax_minor for shipment_id in of)
    currency = str(order.currency)
    return worth_of(lines, (Money(currency, net), Money(currency, tax)), of, currency)
