"""Price lists: per currency and destination, with or without tax, with quantity breaks and dated prices."""

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from functions.pricing.catalogue import PRICE_LIST_CURRENCY, products
from functions.pricing.entities import Country
from functions.pricing.tables import DatedRow, Row, Table, read_table
from shared.errors import Invalid
from shared.values.money import Money


class PriceRow(DatedRow):
    """The price of one piece, from `valid_from` to `valid_to` (both included), from so many pieces of a line on."""

    valid_to: date | None = None
    from_quantity: int = 1
    amount: Decimal


class ListRow(Row):
    """A price list as it is written in the table."""

    price_list: str
    currency: str
    includes_tax: bool
    destinations: frozenset[Country] | None = None
    from_catalogue: bool = False
    valid_from: date
    prices: dict[str, tuple[PriceRow, ...]]


class PriceListTable(Table):
    """The whole file."""

    lists: tuple[ListRow, ...]


class Price(NamedTuple):
    """A row of a list with its amount as money."""

    valid_from: date
    valid_to: date | None
    from_quantity: int
    money: Money


class PriceList(NamedTuple):
    """A price list: the rows of each SKU in the order of their dates. `destinations` is None for everywhere."""

    price_list: str
    currency: str
    includes_tax: bool
    destinations: frozenset[Country] | None
    prices: dict[str, tuple[Price, ...]]

    def price(self, sku: str, quantity: int, at: datetime) -> Money:
        """Return the price of one piece when `quantity` are ordered; Invalid `at` before the list begins."""
        day, best = at.date(), {}
        for row in self.prices[sku]:
            if row.valid_from <= day and row.from_quantity <= quantity and (not row.valid_to or day <= row.valid_to):
                best[row.from_quantity] = row.money
        if not best:
            raise Invalid(
                ("at", f"expected a time from {self.prices[sku][0].valid_from} on: no earlier prices are kept")
            )
        return min(best.values())


@cache
def price_list_table() -> PriceListTable:
    """Return the file as it is written."""
    return read_table(PriceListTable, "price_lists")


@cache
def all_price_lists() -> tuple[PriceList, ...]:
    """Return every list in the order in which they are chosen; read once per process."""
    return tuple(
        PriceList(row.price_list, row.currency, row.includes_tax, row.destinations, _prices(row))
        for row in price_list_table().lists
    )


def _prices(listed: ListRow) -> dict[str, tuple[Price, ...]]:
    opening = {sku: [Price(listed.valid_from, None, 1, product.price)] for sku, product in products().items()}
    found: dict[str, list[Price]] = opening if listed.from_catalogue else {sku: [] for sku in listed.prices}
    for sku, rows in listed.prices.items():
        found[sku] += [
            Price(row.valid_from, row.valid_to, row.from_quantity, Money.of(row.amount, listed.currency))
            for row in rows
        ]
    return {sku: tuple(sorted(rows, key=lambda row: row.valid_from)) for sku, rows in found.items()}


@cache
def price_list_for(currency: str, destination: Country) -> PriceList:
    """Return the list by which an order is priced: its currency's and destination's, else the dollar's."""
    for wanted in (currency, PRICE_LIST_CURRENCY):
        for each in all_price_lists():
            if each.currency == wanted and (each.destinations is None or destination in each.destinations):
                return each
    raise LookupError(f"no price list of {PRICE_LIST_CURRENCY} serves every destination")
