"""The lines of a priced order: unit price, discount, tax and total of each."""

from collections.abc import Sequence
from datetime import datetime

from functions.pricing.catalogue import Product
from functions.pricing.discounts import Tier, line_discounts
from functions.pricing.exchange import Rate, converted
from functions.pricing.shipping import Basket
from functions.pricing.tax import TaxOn
from shared.events.priced_order import PricedLine
from shared.values.money import Money


def priced_lines(
    basket: Basket, taxes: Sequence[TaxOn], tier: Tier, rate: Rate, at: datetime
) -> tuple[PricedLine, ...]:
    """Price each line of a basket: the list price converted, rounded half up, then multiplied."""
    unit_prices = [converted(product.price, rate) for product, _ in basket]
    amounts = [price * quantity for price, (_, quantity) in zip(unit_prices, basket, strict=True)]
    discounts = line_discounts(amounts, tier, at)
    return tuple(
        _priced_line(product, quantity, unit_price, discount, tax)
        for (product, quantity), unit_price, discount, tax in zip(basket, unit_prices, discounts, taxes, strict=True)
    )


def _priced_line(product: Product, quantity: int, unit_price: Money, discount: Money, tax: TaxOn) -> PricedLine:
    net = unit_price * quantity - discount
    line_tax = net.times(tax.rate)
    return PricedLine(
        sku=product.sku,
        name=product.name,
        quantity=quantity,
        fulfilment=product.fulfilment,
        weight_g=product.weight_g,
        categories=product.categories,
        unit_price=unit_price,
        discount=discount,
        rounding=Money.zero(net.currency),
        tax=line_tax,
        tax_rate=str(tax.rate),
        tax_code=product.tax_code,
        tax_treatment=tax.treatment,
        jurisdiction=tax.jurisdiction,
        total=net + line_tax,
    )
