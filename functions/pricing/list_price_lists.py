"""GET /price-lists: every price list with every price of it, for people who keep them."""

from datetime import date
from typing import Literal

from functions.pricing.catalogue import products
from functions.pricing.price_lists import PriceList, all_price_lists, price_list_table
from shared.http.models import Answer, Items
from shared.values.identifiers import Sku
from shared.values.money import Money


class ListedPrice(Answer):
    """The price of one piece, from `from_quantity` pieces of a line on, in force on both days and between."""

    sku: Sku
    name: str
    from_quantity: int
    price: Money
    valid_from: date
    valid_to: date | None


class PublishedPriceList(Answer):
    """A price list. `destinations` is null for everywhere; `tax` says whether its prices hold the destination's tax."""

    price_list: str
    currency: str
    tax: Literal["included", "excluded"]
    destinations: list[str] | None
    source: str
    as_of: date
    prices: list[ListedPrice]


class PriceLists(Items):
    """The lists in the order in which they are chosen; always one page."""

    items: list[PublishedPriceList]


def list_price_lists() -> PriceLists:
    """Return every price list with its source and day. A currency without a list is converted from US dollars."""
    table = price_list_table()
    return PriceLists(items=[_published(each, table.source, table.as_of) for each in all_price_lists()])


def _published(each: PriceList, source: str, as_of: date) -> PublishedPriceList:
    known = products()
    return PublishedPriceList(
        price_list=each.price_list,
        currency=each.currency,
        tax="included" if each.includes_tax else "excluded",
        destinations=sorted(each.destinations) if each.destinations is not None else None,
        source=source,
        as_of=as_of,
        prices=[
            ListedPrice(
                sku=sku,
                name=known[sku].name,
                from_quantity=row.from_quantity,
                price=row.money,
                valid_from=row.valid_from,
                valid_to=row.valid_to,
            )
            for sku, rows in each.prices.items()
            for row in rows
        ],
    )
