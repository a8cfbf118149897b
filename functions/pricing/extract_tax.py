"""POST /tax-extractions: which tax is in an order that was paid elsewhere, at prices that hold it.

Nothing is priced: what was paid for each line and for shipping is split into net and tax by the rules of `POST /prices`
(Directive 2006/112/EC, article 78 ff.; gross x rate / (1 + rate), rounded half up), so that the total is what was paid.
"""

from decimal import Decimal
from typing import Annotated

from pydantic import Field, StringConstraints

from functions.pricing.catalogue import products_of
from functions.pricing.entities import seller_to
from functions.pricing.exchange import rate_to, told
from functions.pricing.lines import Line, paid_line
from functions.pricing.origins import origins
from functions.pricing.prices import Prices, totals
from functions.pricing.shipping import paid_charge
from functions.pricing.tax import Goods, Supply, Tax
from shared.errors import Invalid
from shared.http.models import Command
from shared.values.address import Address
from shared.values.clock import Timestamp
from shared.values.identifiers import Sku
from shared.values.money import Money


class PaidLine(Command):
    """A product, how many, and what was paid for all of them, tax and all."""

    sku: Sku
    quantity: int = Field(ge=1, le=10_000)
    paid: Money


class ExtractTax(Command):
    """An order as it was paid at `at`; `shipping` was paid for all parcels; `ship_from` as in `POST /prices`."""

    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    lines: list[PaidLine] = Field(min_length=1, max_length=200)
    shipping: Money
    shipping_address: Address
    ship_from: dict[Sku, Annotated[list[str], Field(max_length=20)]] = Field(default_factory=dict, max_length=200)
    at: Timestamp


def extract_tax(command: ExtractTax, tax: Tax) -> Prices:
    """Split what was paid. UnknownSku, CurrencyNotAccepted; Invalid for freight, or an amount that can't be right."""
    _check(command)
    rate = rate_to(command.currency, command.at)
    supply = Supply(seller_to(command.shipping_address.country), command.shipping_address, command.at)
    found = products_of(line.sku for line in command.lines)
    if any(product.fulfilment != "parcel" for product in found):
        raise Invalid(("lines", "expected goods that go by parcel: the price of freight is furniture's"))
    leaves_from = origins([product.sku for product in found], command.ship_from, supply.destination)
    lines = []
    for product, ordered, origin in zip(found, command.lines, leaves_from, strict=True):
        one = ordered.paid.times(Decimal(1) / ordered.quantity)
        goods = Goods(product.tax_code, origin, product.price)
        lines.append(Line(product, ordered.quantity, one, tax.on_goods(supply, goods)))
    priced = tuple(paid_line(line, ordered.paid) for line, ordered in zip(lines, command.lines, strict=True))
    charges = (paid_charge(command.shipping, tax.on_shipping(supply, [line.tax for line in lines])),)
    return Prices(
        currency=command.currency,
        seller=supply.seller.entity,
        price_list="paid-elsewhere",
        prices_include_tax=True,
        lines=priced,
        shipping_charges=charges,
        exchange_rate=told(rate),
        **totals(command.currency, priced, charges),
    )


def _check(command: ExtractTax) -> None:
    amounts = {"shipping": command.shipping} | {f"lines.{n}.paid": line.paid for n, line in enumerate(command.lines)}
    for field, amount in amounts.items():
        if amount.currency != command.currency or amount.minor < 0:
            raise Invalid((field, f"expected {command.currency}, not below zero"))
