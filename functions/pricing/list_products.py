"""GET /products: what is sold, at the prices that customers of a currency and destination are shown."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import StringConstraints

from functions.pricing.catalogue import PRICE_LIST_CURRENCY, products
from functions.pricing.exchange import converted, rate_to
from functions.pricing.price_lists import price_list_for
from shared.http.models import Answer, Items
from shared.values.address import Country
from shared.values.identifiers import Sku
from shared.values.money import Money

CurrencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class ListedProduct(Answer):
    """A product and the price of one piece today."""

    sku: Sku
    name: str
    price: Money
    categories: tuple[str, ...]
    fulfilment: Literal["parcel", "freight"]


class ProductList(Items):
    """Every product, in the catalogue's order; always one page. `tax`: whether the prices hold the destination's."""

    price_list: str
    tax: Literal["included", "excluded"]
    items: list[ListedProduct]


def list_products(now: datetime, currency: CurrencyCode = PRICE_LIST_CURRENCY, country: Country = "US") -> ProductList:
    """Return every product with its price; CurrencyNotAccepted.

    Where the list of the currency and destination holds tax (Sweden's in SEK), these are the prices to show consumers.
    """
    rate, listed = rate_to(currency, now), price_list_for(currency, country)
    prices = {sku: listed.price(sku, 1, now) for sku in products()}
    return ProductList(
        price_list=listed.price_list,
        tax="included" if listed.includes_tax else "excluded",
        items=[
            ListedProduct(
                sku=each.sku,
                name=each.name,
                price=prices[each.sku] if listed.currency == currency else converted(prices[each.sku], rate),
                categories=each.categories,
                fulfilment=each.fulfilment,
            )
            for each in products().values()
        ],
    )
