"""What the customer pays for shipping: all parcels by tariff, all freight at furniture's price."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from functions.pricing.catalogue import PRICE_LIST_CURRENCY, Product
from functions.pricing.exchange import Rate, converted
from functions.pricing.lines import tax_in, taxed
from functions.pricing.parcels import parcel_rate
from functions.pricing.tax import TaxOn
from shared.errors import Invalid
from shared.events.priced_order import ShippingCharge
from shared.values.money import Money

Basket = Sequence[tuple[Product, int]]
"""Products and how many of each."""
Fulfilment = Literal["parcel", "freight"]


DEAREST = Money(PRICE_LIST_CURRENCY, 1_000_000_000_00)
"""The most that freight may cost: an amount in any currency stays within the digits that money is written with."""


class Way(NamedTuple):
    """What shipping is priced by: where to, when, in which currency, and how each charge is taxed."""

    country: str
    at: datetime
    rate: Rate
    tax_on: Callable[[Fulfilment], TaxOn]


def parcel_charge(basket: Basket, way: Way) -> list[ShippingCharge]:
    """Return the charge for whatever goes by parcel; none if nothing does."""
    weights = [product.weight_g * quantity for product, quantity in basket if product.fulfilment == "parcel"]
    return [_charge("parcel", parcel_rate(way.country, sum(weights), way.at), way)] if weights else []


def freight_charge(basket: Basket, net: Money | None, way: Way) -> list[ShippingCharge]:
    """Return the charge for furniture at its net price in USD; Invalid unless that is there exactly if furniture is."""
    has_freight = any(product.fulfilment == "freight" for product, _ in basket)
    if has_freight != (net is not None):
        raise Invalid(("freight", "expected furniture's net price exactly if a line goes by freight"))
    if net is None:
        return []
    if net.currency != PRICE_LIST_CURRENCY or not 0 <= net.minor <= DEAREST.minor:
        raise Invalid(("freight", f"expected {PRICE_LIST_CURRENCY}, not below zero and at most {DEAREST.amount}"))
    return [_charge("freight", net, way)]


def paid_charge(gross: Money, tax: TaxOn) -> ShippingCharge:
    """Return the charge for parcels whose shipping was paid elsewhere, tax and all."""
    owed = tax_in(gross, tax.rate)
    return _told("parcel", gross - owed, owed, tax)


def _charge(fulfilment: Fulfilment, net_usd: Money, way: Way) -> ShippingCharge:
    net, tax = converted(net_usd, way.rate), way.tax_on(fulfilment)
    return _told(fulfilment, net, taxed(net, tax), tax)


def _told(fulfilment: Fulfilment, net: Money, owed: Money, tax: TaxOn) -> ShippingCharge:
    return ShippingCharge(
        fulfilment=fulfilment,
        net=net,
        tax=owed,
        tax_rate=str(tax.rate),
        tax_treatment=tax.treatment,
        jurisdiction=tax.jurisdiction,
    )
