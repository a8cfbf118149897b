"""What movements of stock mean to the books of those whose goods they are, at cost."""

from collections.abc import Iterable

from functions.accounting import accounts
from functions.accounting.entities import owner_of
from functions.accounting.functional_currency import Books
from functions.accounting.legs import Leg, between
from functions.accounting.sides import credit, debit, signed
from shared.events.inventory import CostedLine, StockAdjusted, StockCommitted, StockReceived, StockReturned
from shared.values.money import Money

Costs = dict[str, list[Money]]
"""Owner -> what goods had cost, an amount per currency."""


def received(event: StockReceived) -> Leg:
    """Return the goods receipt."""
    cost = event.unit_cost * event.quantity
    postings = [debit(accounts.INVENTORY, cost), credit(accounts.GOODS_RECEIVED, cost)]
    return Leg("receipt", Books.of(owner_of(event.location)), postings)


def issued(event: StockCommitted) -> list[Leg]:
    """Return the goods issue: they left, and are their owner's until they arrive."""
    return [
        Leg(
            "issue",
            Books.of(owner),
            [
                side
                for cost in amounts
                for side in (debit(accounts.GOODS_IN_TRANSIT, cost), credit(accounts.INVENTORY, cost))
            ],
        )
        for owner, amounts in costs(event.lines).items()
    ]


def sold(owner: str, amounts: Iterable[Money], seller: str | None) -> list[Leg]:
    """Return the cost of goods that arrived; from another entity's stock the seller got them at cost."""
    return between(
        ("cost_of_sales", "supply"),
        (Books.of(seller), accounts.COST_OF_SALES),
        (Books.of(owner), accounts.GOODS_IN_TRANSIT),
        list(amounts),
    )


def adjusted(event: StockAdjusted) -> list[Leg]:
    """Return what a count or a write-off changed: vanished goods are an expense, found ones lower it."""
    found: dict[str, list[Money]] = {}
    for line in event.lines:
        found.setdefault(owner_of(line.location), []).append(line.value)
    return [
        Leg(
            "adjustment",
            Books.of(owner),
            [
                side
                for value in values
                for side in (signed(accounts.STOCK_WRITE_OFFS, -value), signed(accounts.INVENTORY, value))
            ],
        )
        for owner, values in found.items()
    ]


def put_back(event: StockReturned, seller: Books) -> list[Leg]:
    """Return returned goods to the stock of whose they are now, out of what the seller had booked as sold."""
    return [
        leg
        for owner, amounts in costs(event.lines).items()
        for leg in between(
            ("put_back", "supply_back"),
            (seller, accounts.COST_OF_SALES),
            (Books.of(owner), accounts.INVENTORY),
            [-amount for amount in amounts],
        )
    ]


def costs(lines: Iterable[CostedLine]) -> Costs:
    """Return what goods had cost by their owner, one amount per currency, by currency."""
    found: dict[tuple[str, str], Money] = {}
    for line in lines:
        cost = line.unit_cost * line.quantity
        key = owner_of(line.location), cost.currency
        found[key] = found[key] + cost if key in found else cost
    by_owner: Costs = {}
    for owner, currency in sorted(found):
        by_owner.setdefault(owner, []).append(found[owner, currency])
    return by_owner
