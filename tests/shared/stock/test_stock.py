"""One shard: what is on hand and held, and a value that never drifts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.stock.stock import empty, unit_costs
from shared.values.money import Money
from tests.shared.stock.examples import MUG, NEWARK, RENO, usd


def test_a_piece_costs_the_average_of_what_came_in():
    stock = empty(MUG, 0)
    stock.receive(NEWARK, 10, usd("2.00"))
    stock.receive(RENO, 30, usd("3.00"))
    assert (stock.on_hand, stock.value_minor, stock.average_cost_minor) == (40, 11000, 275)


def test_shipped_pieces_take_their_share_of_the_value_and_the_last_ones_the_rest():
    stock = empty(MUG, 0)
    stock.receive(NEWARK, 2, usd("1.00"))
    stock.receive(NEWARK, 1, usd("1.01"))
    stock.hold(NEWARK, 3)
    assert stock.ship(NEWARK, 1) == usd("1.00")  # a third of 3.01
    assert stock.value_minor == 201
    assert stock.ship(NEWARK, 2) == usd("2.01")
    assert (stock.on_hand, stock.reserved, stock.value_minor) == (0, 0, 0)


def test_a_cost_that_does_not_divide_is_stated_in_two_unit_costs_one_cent_apart():
    assert unit_costs(usd("10.00"), 3) == [(2, usd("3.33")), (1, usd("3.34"))]
    assert unit_costs(usd("9.99"), 3) == [(3, usd("3.33"))]
    assert unit_costs(usd("0.02"), 3) == [(1, usd("0.00")), (2, usd("0.01"))]


receipts = st.lists(st.tuples(st.integers(1, 500), st.integers(1, 100_000)), min_size=1, max_size=6)


@given(receipts, st.lists(st.integers(1, 200), max_size=20))
def test_value_out_is_value_in_to_the_cent(came: list[tuple[int, int]], left: list[int]):
    stock = empty(MUG, 0)
    for quantity, cost in came:
        stock.receive(NEWARK, quantity, Money("USD", cost))
    value_in, value_out = stock.value_minor, 0
    for quantity in [*left, stock.on_hand]:
        pieces = min(quantity, stock.on_hand)
        if pieces:
            stock.hold(NEWARK, pieces)
            costs = unit_costs(stock.ship(NEWARK, pieces), pieces)
            assert sum(count for count, _ in costs) == pieces
            value_out += sum((cost * count).minor for count, cost in costs)
        assert stock.value_minor == value_in - value_out >= stock.on_hand
    while stock.on_hand:
        stock.hold(NEWARK, 1)
        value_out += stock.ship(NEWARK, 1).minor
    assert value_out == value_in
    assert stock.value_minor == 0


def test_more_than_is_available_can_never_be_held_or_leave():
    stock = empty(MUG, 0)
    stock.receive(NEWARK, 5, usd("2.00"))
    stock.hold(NEWARK, 4)
    assert stock.available(NEWARK) == 1
    for impossible in (
        lambda: stock.hold(NEWARK, 2),
        lambda: stock.hold(RENO, 1),
        lambda: stock.let_go(NEWARK, 5),
        lambda: stock.ship(NEWARK, 5),
    ):
        with pytest.raises(ValueError, match=r"MUG\.0"):
            impossible()
    assert (stock.on_hand, stock.reserved, stock.value_minor) == (5, 4, 1000)
