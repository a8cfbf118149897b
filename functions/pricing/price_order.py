"""POST /prices: what an order costs, to the last minor unit.

Prices are net: line.total = unit_price x quantity - discount + rounding + tax, where rounding is 0 on a tax-exclusive
price list; tax = sum of line taxes + shipping_tax; total = subtotal - discount + rounding + shipping + tax. Tax is
rounded half up per line and per shipping charge.
"""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from functions.pricing.catalogue import PRICE_LIST_CURRENCY, Product, products_of
from functions.pricing.discounts import Tier, line_discounts
from functions.pricing.exchange import Rate, converted, rate_to
from functions.pricing.shipping import Basket, freight_charge, parcel_charge
from functions.pricing.tax import Tax, tax_at
from shared.events.priced_order import OrderTotals, PricedLine, ShippingCharge
from shared.http.models import Answer, Command
from shared.values.address import Address
from shared.values.clock import Timestamp
from shared.values.identifiers import Sku
from shared.values.money import Money, total


class OrderedLine(Command):
    """A product and how many."""

    sku: Sku
    quantity: int = Field(ge=1, le=10_000)


class PriceOrder(Command):
    """An order to price as of `at`. `freight` is furniture's net price in USD, wanted exactly if there is freight.

    `vat_id` changes no rate: see `about` of tables/eu_vat.json.
    """

    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    tier: Tier
    lines: list[OrderedLine] = Field(min_length=1, max_length=200)
    shipping_address: Address
    vat_id: str | None = Field(default=None, max_length=32)
    freight: Money | None = None
    at: Timestamp


class ExchangeRate(Answer):
    """What a US dollar of the price list was taken for: `rate` units of the order's currency, by whom and of when."""

    rate: str
    source: str
    date: date


class Prices(OrderTotals):
    """The priced order; without `exchange_rate` it is in the price list's own currency."""

    currency: str
    lines: tuple[PricedLine, ...]
    shipping_charges: tuple[ShippingCharge, ...]
    exchange_rate: ExchangeRate | None = None


def price_order(command: PriceOrder) -> Prices:
    """Price an order. UnknownSku, CurrencyNotAccepted; Invalid for an unknown US state or freight that doesn't fit."""
    rate = rate_to(command.currency, command.at)
    products = products_of(line.sku for line in command.lines)
    basket = [(product, line.quantity) for product, line in zip(products, command.lines, strict=True)]
    destination = command.shipping_address
    tax = tax_at(destination, command.at)
    lines = _priced_lines(basket, command, rate, tax)
    parcels = parcel_charge(basket, destination.country, command.at, rate, tax)
    freight = freight_charge(basket, command.freight, rate, tax)
    return _summed(command.currency, lines, (*parcels, *freight), rate)


def _priced_lines(basket: Basket, command: PriceOrder, rate: Rate, tax: Tax) -> tuple[PricedLine, ...]:
    unit_prices = [converted(product.price, rate) for product, _ in basket]
    amounts = [price * quantity for price, (_, quantity) in zip(unit_prices, basket, strict=True)]
    discounts = line_discounts(amounts, command.tier, command.at)
    return tuple(
        _priced_line(product, quantity, unit_price, discount, tax)
        for (product, quantity), unit_price, discount in zip(basket, unit_prices, discounts, strict=True)
    )


def _priced_line(product: Product, quantity: int, unit_price: Money, discount: Money, tax: Tax) -> PricedLine:
    net = unit_price * quantity - discount
    line_tax = net.times(tax.goods_rate)
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
        tax_rate=str(tax.goods_rate),
        total=net + line_tax,
    )


def _summed(currency: str, lines: tuple[PricedLine, ...], charges: tuple[ShippingCharge, ...], rate: Rate) -> Prices:
    subtotal = total([line.unit_price * line.quantity for line in lines], currency)
    discount = total([line.discount for line in lines], currency)
    rounding = total([line.rounding for line in lines], currency)
    shipping = total([charge.net for charge in charges], currency)
    shipping_tax = total([charge.tax for charge in charges], currency)
    tax = total([line.tax for line in lines], currency) + shipping_tax
    return Prices(
        currency=currency,
        lines=lines,
        shipping_charges=charges,
        subtotal=subtotal,
        discount=discount,
        rounding=rounding,
        shipping=shipping,
        shipping_tax=shipping_tax,
        tax=tax,
        total=subtotal - discount + rounding + shipping + tax,
        exchange_rate=_told(rate),
    )


def _told(rate: Rate) -> ExchangeRate | None:
    if rate.currency == PRICE_LIST_CURRENCY:
        return None
    return ExchangeRate(rate=f"{rate.per_usd:f}", source=rate.source, date=rate.valid_from)
