"""POST /prices: what an order costs, to the last minor unit.

Prices are net: line.total = unit_price x quantity - discount + rounding + tax, where rounding is 0 on a tax-exclusive
price list; tax = sum of line taxes + shipping_tax; total = subtotal - discount + rounding + shipping + tax. Tax is
rounded half up per line and per shipping charge.
"""

from typing import Annotated

from pydantic import Field, StringConstraints

from functions.pricing.catalogue import products_of
from functions.pricing.discounts import Tier
from functions.pricing.entities import seller_to
from functions.pricing.exchange import Rate, rate_to, told
from functions.pricing.lines import priced_lines
from functions.pricing.origins import origins
from functions.pricing.shipping import Basket, Fulfilment, Way, freight_charge, parcel_charge
from functions.pricing.tax import Supply, Tax, TaxOn
from shared.events.priced_order import ExchangeRate, OrderTotals, PricedLine, ShippingCharge
from shared.http.models import Command
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

    `ship_from` names the warehouses of each SKU's reservation, the preferred one first; a SKU that it leaves out is
    taken to leave from where its destination is served from first.
    """

    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    tier: Tier
    lines: list[OrderedLine] = Field(min_length=1, max_length=200)
    shipping_address: Address
    ship_from: dict[Sku, Annotated[list[str], Field(max_length=20)]] = Field(default_factory=dict, max_length=200)
    vat_id: str | None = Field(default=None, max_length=32)
    freight: Money | None = None
    at: Timestamp


class Prices(OrderTotals):
    """The priced order; `seller` is the entity that sells.

    `exchange_rate` is what a US dollar of the price list was taken for; without it the order is in US dollars.
    """

    currency: str
    seller: str
    lines: tuple[PricedLine, ...]
    shipping_charges: tuple[ShippingCharge, ...]
    exchange_rate: ExchangeRate | None = None


def price_order(command: PriceOrder, tax: Tax) -> Prices:
    """Price an order. UnknownSku, CurrencyNotAccepted; Invalid for an unknown US state or freight that doesn't fit."""
    rate = rate_to(command.currency, command.at)
    products = products_of(line.sku for line in command.lines)
    basket = [(product, line.quantity) for product, line in zip(products, command.lines, strict=True)]
    destination = command.shipping_address
    supply = Supply(seller_to(destination.country), destination, command.at)
    leaves_from = origins([product.sku for product in products], command.ship_from, destination)
    taxes = [tax.on_goods(supply, each.tax_code, origin) for each, origin in zip(products, leaves_from, strict=True)]
    lines = priced_lines(basket, taxes, command.tier, rate, command.at)
    way = Way(
        destination.country, command.at, rate, lambda kind: tax.on_shipping(supply, _carried(kind, basket, taxes))
    )
    charges = (*parcel_charge(basket, way), *freight_charge(basket, command.freight, way))
    return _summed(supply.seller.entity, lines, charges, rate)


def _carried(kind: Fulfilment, basket: Basket, taxes: list[TaxOn]) -> list[TaxOn]:
    return [tax for (product, _), tax in zip(basket, taxes, strict=True) if product.fulfilment == kind]


def _summed(seller: str, lines: tuple[PricedLine, ...], charges: tuple[ShippingCharge, ...], rate: Rate) -> Prices:
    currency = rate.currency
    subtotal = total([line.unit_price * line.quantity for line in lines], currency)
    discount = total([line.discount for line in lines], currency)
    rounding = total([line.rounding for line in lines], currency)
    shipping = total([charge.net for charge in charges], currency)
    shipping_tax = total([charge.tax for charge in charges], currency)
    tax = total([line.tax for line in lines], currency) + shipping_tax
    return Prices(
        currency=currency,
        seller=seller,
        lines=lines,
        shipping_charges=charges,
        subtotal=subtotal,
        discount=discount,
        rounding=rounding,
        shipping=shipping,
        shipping_tax=shipping_tax,
        tax=tax,
        total=subtotal - discount + rounding + shipping + tax,
        exchange_rate=told(rate),
    )
