"""Sixteen clients, five hundred orders, too little stock: nothing is promised twice, and what is promised arrives."""

from collections import Counter
from pathlib import Path

import pytest

from tests.estate import running_estate
from tests.journeys.baskets import MUG, SOFA, basket, new_email
from tests.journeys.books import assert_every_order_came_right
from tests.journeys.crowd import Crowd

pytestmark = pytest.mark.estate

MIX = (
    [lambda: basket((MUG, 10))] * 15
    + [lambda: basket((MUG, 10), (SOFA, 1))] * 2
    + [lambda: basket((MUG, 10), email=new_email("review.test"))] * 2
    + [lambda: basket((MUG, 10), token="tok_declined")]
)
"""What every twenty customers want."""


def test_five_hundred_orders_of_sixteen_clients_sell_what_there_is_and_no_more(tmp_path: Path) -> None:
    with running_estate(tmp_path, "--fulfil", "auto") as estate:
        crowd = Crowd(estate, [MIX[number % len(MIX)]() for number in range(500)])

        outcomes = crowd.order()
        estate.settle(within_s=60)

        kinds = Counter(outcome.kind for outcome in outcomes)
        assert kinds.keys() == {"confirmed", "held", "payment_declined", "out_of_stock"}, kinds
        assert kinds["confirmed"] + kinds["held"] == 300, "what declined cards gave back was sold to others"
        assert_every_order_came_right(estate, outcomes, MUG)
        assert estate.stop() == 0
