"""POST /prices: what an order costs, to the last minor unit.

Lines are stated net: line.total = unit_price x quantity - discount + rounding + tax, where rounding is 0 on a
tax-exclusive price list; tax = sum of line taxes + shipping_tax; total = subtotal - discount + rounding + shipping +
tax. Tax is rounded half up per line and per shipping charge.
"""

from typing import Annotated

from pydantic import Field, StringConstraints

from functions.pricing.catalogue import products_of
from functions.pricing.discounts import Tier, line_discounts
from functions.pricing.entities import seller_to
from functions.pricing.exchange import Rate, converted, rate_to, told
from functions.pricing.lines import Line, gross_lines, net_lines, net_of
from functions.pricing.origins import origins
from functions.pricing.price_lists import PriceList, price_list_for
from functions.pricing.prices import Prices, totals
from functions.pricing.shipping import Fulfilment, Way, freight_charge, parcel_charge
from functions.pricing.tax import Goods, Supply, Tax, TaxOn
from functions.pricing.tax_tables import eu_countries
from functions.pricing.vat_ids import VatIds
from shared.http.models import Command
from shared.values.address import Address
from shared.values.clock import Timestamp
from shared.values.identifiers import Sku
from shared.values.money import Money


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


def price_order(command: PriceOrder, tax: Tax, vat_ids: VatIds) -> Prices:
    """Price an order. UnknownSku, CurrencyNotAccepted.

    Invalid for an unknown US state or warehouse, a VAT id that can't be right, or freight that doesn't fit.
    """
    rate = rate_to(command.currency, command.at)
    destination = command.shipping_address
    vat_id = vat_ids.look_up(command.vat_id) if command.vat_id and destination.country in eu_countries() else None
    buyer = vat_id.country if vat_id else None
    supply = Supply(seller_to(destination.country), destination, command.at, buyer)
    price_list = price_list_for(command.currency, destination.country)
    lines = _lines(command, price_list, supply, tax, rate)
    discounts = line_discounts([line.amount for line in lines], command.tier, command.at)
    priced = gross_lines(lines, discounts) if price_list.includes_tax and not buyer else net_lines(lines, discounts)
    basket = [(line.product, line.quantity) for line in lines]
    way = Way(destination.country, command.at, rate, lambda kind: tax.on_shipping(supply, _carried(kind, lines)))
    charges = (*parcel_charge(basket, way), *freight_charge(basket, command.freight, way))
    return Prices(
        currency=command.currency,
        seller=supply.seller.entity,
        price_list=price_list.price_list,
        prices_include_tax=price_list.includes_tax,
        vat_id_check=vat_id.check if vat_id else None,
        lines=priced,
        shipping_charges=charges,
        exchange_rate=told(rate),
        **totals(command.currency, priced, charges),
    )


def _lines(command: PriceOrder, price_list: PriceList, supply: Supply, tax: Tax, rate: Rate) -> list[Line]:
    products = products_of(line.sku for line in command.lines)
    leaves_from = origins([product.sku for product in products], command.ship_from, supply.destination)
    found = []
    for product, ordered, origin in zip(products, command.lines, leaves_from, strict=True):
        listed = price_list.price(product.sku, ordered.quantity, command.at)
        goods = Goods(product.tax_code, origin, listed)
        if price_list.includes_tax and supply.buyer:
            listed = net_of(listed, tax.on_goods(supply._replace(buyer=None), goods).rate)
        price = listed if price_list.currency == rate.currency else converted(listed, rate)
        found.append(Line(product, ordered.quantity, price, tax.on_goods(supply, goods)))
    return found


def _carried(kind: Fulfilment, lines: list[Line]) -> list[TaxOn]:
    return [line.tax for line in lines if line.product.fulfilment == kind]
