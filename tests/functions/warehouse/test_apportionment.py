"""Shipments are worth exactly the order, to the cent, however it is divided."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.warehouse.apportionment import divide
from shared.errors import Undeliverable
from shared.events.priced_order import PricedOrder
from shared.values.money import Money
from tests.functions.order_management.stories import line, priced, usd
from tests.functions.warehouse.orders import charge, three_mugs_and_two_sofas

PLACES = ("newark-us", "reno-us", "venlo-nl")


def test_a_worked_example_with_every_figure() -> None:
    shares = divide(
        three_mugs_and_two_sofas(), {"MUG-1": [("reno-us", 1), ("newark-us", 2)], "FURN-1": [("reno-us", 2)]}
    )
    figures = [
        (
            each.fulfilment,
            each.location,
            [(part.sku, part.quantity, part.net.amount, part.tax.amount) for part in each.lines],
            each.shipping_net.amount,
            each.shipping_tax.amount,
            each.total.amount,
        )
        for each in shares
    ]
    assert figures == [  # 3 mugs: 10.01 net, 1.00 tax: 6.673.. and 3.336.., 0.666.. and 0.333..; 5.00 as 2 to 1
        ("parcel", "newark-us", [("MUG-1", 2, "6.67", "0.67")], "3.33", "0.33", "11.00"),
        ("parcel", "reno-us", [("MUG-1", 1, "3.34", "0.33")], "1.67", "0.17", "5.51"),
        ("freight", "reno-us", [("FURN-1", 2, "1000.00", "100.00")], "100.00", "10.00", "1210.00"),
    ]


def test_two_lines_of_one_sku_take_their_own_pieces() -> None:
    order = priced(line("MUG-1", 1, "10.00"), line("MUG-1", 2, "8.00"))
    shares = divide(order, {"MUG-1": [("reno-us", 2), ("newark-us", 1)]})
    assert [(each.location, [part.quantity for part in each.lines]) for each in shares] == [
        ("newark-us", [1]),
        ("reno-us", [2]),
    ]


def test_a_charge_without_goods_of_its_kind_is_borne_by_all() -> None:
    order = priced(line("MUG-1", 1, "10.00"), charges=(charge("freight", "9.00", "0.90"),))
    assert divide(order, {"MUG-1": [("reno-us", 1)]})[0].total == order.total


def test_goods_that_are_not_reserved_are_undeliverable() -> None:
    with pytest.raises(Undeliverable, match="1 of 3 pieces of MUG-1"):
        divide(priced(line("MUG-1", 3, "10.00")), {"MUG-1": [("reno-us", 2)]})


def test_an_order_that_does_not_add_up_is_undeliverable() -> None:
    order = priced(line("MUG-1", 1, "10.00")).model_copy(update={"total": usd("10.99")})
    with pytest.raises(Undeliverable, match="don't add up"):
        divide(order, {"MUG-1": [("reno-us", 1)]})


@st.composite
def orders_and_picks(draw: st.DrawFn) -> tuple[PricedOrder, dict[str, list[tuple[str, int]]]]:
    cents = st.integers(0, 100_000).map(lambda minor: Money("USD", minor))
    lines, picks = [], {}
    for number in range(draw(st.integers(1, 4))):
        quantities = draw(st.lists(st.integers(0, 7), min_size=3, max_size=3).filter(any))
        sku = f"SKU-{number}"
        picks[sku] = [(place, count) for place, count in zip(PLACES, quantities, strict=True) if count]
        amounts = {name: draw(cents) for name in ("unit_price", "discount", "rounding", "tax")}
        quantity = sum(quantities)
        amounts["total"] = amounts["unit_price"] * quantity - amounts["discount"] + amounts["rounding"] + amounts["tax"]
        way = {"fulfilment": draw(st.sampled_from(["parcel", "freight"])), "weight_g": draw(st.integers(0, 50_000))}
        lines.append(line(sku, quantity, "0.00", **way, **amounts))
    charges = [charge(way, draw(cents).amount, draw(cents).amount) for way in ("parcel", "freight")]
    return priced(*lines, charges=tuple(charges)), picks


@given(orders_and_picks())
def test_shares_sum_exactly_to_the_order(case: tuple[PricedOrder, dict[str, list[tuple[str, int]]]]) -> None:
    order, picks = case
    shares = divide(order, picks)
    zero = usd("0.00")
    assert sum((each.total for each in shares), zero) == order.total
    assert sum((each.shipping_net for each in shares), zero) == order.shipping
    assert sum((each.shipping_tax for each in shares), zero) == order.shipping_tax
    assert sum((each.goods_tax for each in shares), zero) == order.tax - order.shipping_tax
    for each in order.lines:
        parts = [part for share in shares for part in share.lines if part.sku == each.sku]
        assert sum((part.net + part.tax for part in parts), zero) == each.total
        assert sum(part.quantity for part in parts) == each.quantity
    where = Counter({(share.location, part.sku): part.quantity for share in shares for part in share.lines})
    assert where == Counter({(place, sku): count for sku, taken in picks.items() for place, count in taken})
