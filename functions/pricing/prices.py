"""What an order costs, as pricing answers it: lines, shipping charges and totals that add up exactly."""

from functions.pricing.vat_ids import VatIdCheck
from shared.events.priced_order import ExchangeRate, OrderTotals, PricedLine, ShippingCharge
from shared.values.money import Money


class Prices(OrderTotals):
    """The priced order; `seller` is the entity that sells.

    `exchange_rate` is what a US dollar was taken for; without it the order is in US dollars. `prices_include_tax`: the
    list shows consumers prices with tax; the lines state them net all the same. `vat_id_check` says by what a VAT id
    was found good, where one counted.
    """

    currency: str
    seller: str
    price_list: str
    prices_include_tax: bool
    vat_id_check: VatIdCheck | None = None
    lines: tuple[PricedLine, ...]
    shipping_charges: tuple[ShippingCharge, ...]
    exchange_rate: ExchangeRate | None = None


def totals(currency: str, lines: tuple[PricedLine, ...], charges: tuple[ShippingCharge, ...]) -> dict[str, Money]:
    """Add lines and charges up: total = subtotal - discount + rounding + shipping + tax."""
    subtotal = discount = rounding = tax = shipping = shipping_tax = 0
    for line in lines:
        subtotal += line.unit_price.minor * line.quantity
        discount += line.discount.minor
        rounding += line.rounding.minor
        tax += line.tax.minor
    for charge in charges:
        shipping += charge.net.minor
        shipping_tax += charge.tax.minor
    tax += shipping_tax
    return {
        "subtotal": Money(currency, subtotal),
        "discount": Money(currency, discount),
        "rounding": Money(currency, rounding),
        "shipping": Money(currency, shipping),
        "shipping_tax": Money(currency, shipping_tax),
        "tax": Money(currency, tax),
        "total": Money(currency, subtotal - discount + rounding + shipping + tax),
    }
