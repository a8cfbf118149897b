"""What must be true of the whole estate whenever it is idle."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

from bench.invariants import disagreements, given_up
from tests.estate import RunningEstate
from tests.journeys.crowd import Outcome
from tests.journeys.shopping import Purchase, amount, stock, wait_for_late_scores

OPENING_STOCK = 3000


def assert_books_agree(estate: RunningEstate, *, dead_letters: int = 0) -> None:
    """The ledger balances, every service agrees with the events, and nothing was given up."""
    assert disagreements(estate.get) == []
    found = given_up(estate.get)
    assert len(found) == dead_letters, found


def assert_every_order_came_right(estate: RunningEstate, outcomes: Sequence[Outcome], sku: str) -> None:
    """With everything dispatched and delivered: each customer has exactly what they were told, and no more of `sku`
    is promised than there was."""
    placed = [outcome for outcome in outcomes if outcome.status == 201]
    wait_for_late_scores(*(Purchase(estate, outcome.answer) for outcome in placed if outcome.was_silent))
    ids = [outcome.answer["order_id"] for outcome in placed]
    assert len(set(ids)) == len(ids), "two customers got one order"
    totals = {name: estate.get(f"/{name}/control-totals")["totals"] for name in ("checkout", "order_management")}
    assert {name: found["orders.count"] for name, found in totals.items()} == dict.fromkeys(totals, len(placed))
    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(lambda outcome: _came_right(estate, outcome), placed))
    series = [number.rpartition("-") for one in numbers for number in one]
    for name in {name for name, _, _ in series}:
        issued = sorted(int(count) for other, _, count in series if other == name)
        assert issued == list(range(1, len(issued) + 1)), f"invoice numbers of {name} have gaps or doubles"
    _assert_not_oversold(estate, placed, sku)
    assert_books_agree(estate)


def _came_right(estate: RunningEstate, outcome: Outcome) -> list[str]:
    """Check one order everywhere; returns its invoices' numbers."""
    order = Purchase(estate, outcome.answer)
    if outcome.kind == "held":
        _assert_held(order)
        return []
    total, currency = outcome.answer["total"], outcome.answer["currency"]
    assert order.status == "delivered", order.life
    shipped: Counter[str] = Counter()
    for shipment in order.shipments:
        assert shipment["status"] == "delivered", shipment
        shipped.update({line["sku"]: line["quantity"] for line in shipment["lines"]})
    assert shipped == outcome.pieces, order.id
    assert order.payments[0] == ("authorization", "authorized", total["amount"]), order.payments
    assert {payment[:2] for payment in order.payments[1:]} == {("capture", "captured")}, order.payments
    assert sum(Decimal(taken) for _, _, taken in order.payments[1:]) == amount(total, currency), order.payments
    assert {invoice["status"] for invoice in order.invoices} == {"issued"}, order.invoices
    assert len(order.invoices) == len(order.shipments)
    assert sum(amount(invoice["total"], currency) for invoice in order.invoices) == amount(total, currency)
    return [invoice["number"] for invoice in order.invoices]


def _assert_held(order: Purchase) -> None:
    assert order.status == "held", order.life
    assert (order.shipments, order.invoices, order.entries) == ([], [], []), order.id
    assert order.payments == [("authorization", "authorized", order.answer["total"]["amount"])], order.payments
    assert order.reservation() == "firm", order.id


def _assert_not_oversold(estate: RunningEstate, placed: Sequence[Outcome], sku: str) -> None:
    left, held = (
        sum(outcome.pieces.get(sku, 0) for outcome in placed if outcome.kind == kind) for kind in ("confirmed", "held")
    )
    assert stock(estate, sku) == (OPENING_STOCK - left, held)
    assert left + held <= OPENING_STOCK
