"""The lines of a priced order, on lists without tax and on lists with the tax in the price.

Without: the list price converted, rounded half up, then multiplied; tax on what is left after the discount.
With: the customer pays list price x quantity - discount, all with tax in it. The tax in that is taken out, rounded
half up; `unit_price` and `discount` are stated net, each rounded half up, and `rounding` is what they miss of the
line's net.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from functions.pricing.catalogue import Product
from functions.pricing.tax import TaxOn
from shared.events.priced_order import PricedLine
from shared.values.money import Money


class Line(NamedTuple):
    """What is ordered, at the list price of one piece in the order's currency, and its tax."""

    product: Product
    quantity: int
    price: Money
    tax: TaxOn

    @property
    def amount(self) -> Money:
        """Price times quantity."""
        return self.price * self.quantity


def net_of(gross: Money, rate: Decimal) -> Money:
    """Take the tax out of an amount that holds it: gross / (1 + rate), rounded half up."""
    return _rounded(gross.currency, gross.minor / (1 + rate))


def taxed(net: Money, tax: TaxOn) -> Money:
    """Return the tax on a net amount, rounded half up."""
    return net.times(tax.rate) if tax.rate else Money(net.currency, 0)


def net_lines(lines: Sequence[Line], discounts: Sequence[Money]) -> tuple[PricedLine, ...]:
    """Price lines whose prices and discounts hold no tax."""
    return tuple(_net_line(line, discount) for line, discount in zip(lines, discounts, strict=True))


def _net_line(line: Line, discount: Money) -> PricedLine:
    net = line.amount - discount
    tax = taxed(net, line.tax)
    return _whole(line, line.price, discount, Money(net.currency, 0), tax, net + tax)


def gross_lines(lines: Sequence[Line], discounts: Sequence[Money]) -> tuple[PricedLine, ...]:
    """Price lines whose prices and discounts hold the tax of their destination."""
    return tuple(_gross_line(line, discount) for line, discount in zip(lines, discounts, strict=True))


def _gross_line(line: Line, gross_discount: Money) -> PricedLine:
    gross, rate = line.amount - gross_discount, line.tax.rate
    net = gross - tax_in(gross, rate)
    unit_price, discount = net_of(line.price, rate), net_of(gross_discount, rate)
    rounding = net - (unit_price * line.quantity - discount)
    return _whole(line, unit_price, discount, rounding, gross - net, gross)


def paid_line(line: Line, gross: Money) -> PricedLine:
    """Return a line of which `gross`, tax and all, was paid elsewhere; its `price` is that of one piece, as paid."""
    rate = line.tax.rate
    tax, unit_price = tax_in(gross, rate), net_of(line.price, rate)
    rounding = gross - tax - unit_price * line.quantity
    return _whole(line, unit_price, Money(gross.currency, 0), rounding, tax, gross)


def tax_in(gross: Money, rate: Decimal) -> Money:
    """Return the tax that an amount holds: gross x rate / (1 + rate), rounded half up."""
    return _rounded(gross.currency, gross.minor * rate / (1 + rate))


def _rounded(currency: str, minor: Decimal) -> Money:
    return Money(currency, int(minor.quantize(Decimal(1), rounding=ROUND_HALF_UP)))


def _whole(
    line: Line, unit_price: Money, discount: Money, rounding: Money, tax: Money, line_total: Money
) -> PricedLine:
    product = line.product
    return PricedLine(
        sku=product.sku,
        name=product.name,
        quantity=line.quantity,
        fulfilment=product.fulfilment,
        weight_g=product.weight_g,
        categories=product.categories,
        unit_price=unit_price,
        discount=discount,
        rounding=rounding,
        tax=tax,
        tax_rate=str(line.tax.rate),
        tax_code=product.tax_code,
        tax_treatment=line.tax.treatment,
        jurisdiction=line.tax.jurisdiction,
        total=line_total,
    )
