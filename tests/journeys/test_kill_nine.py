"""`kill -9`, at any moment and of anything: nothing is lost, nothing is done twice, customers just ask again."""

import os
from collections import Counter
from pathlib import Path
from signal import SIGKILL
from time import monotonic, sleep

import pytest
import requests

from tests.estate import RunningEstate, running_estate
from tests.journeys.baskets import MUG, SOFA, basket, new_email
from tests.journeys.books import assert_books_agree, assert_every_order_came_right
from tests.journeys.crowd import Crowd
from tests.journeys.shopping import place, wait_for_late_scores

pytestmark = pytest.mark.estate

MIX = (
    [lambda: basket((MUG, 20))] * 6
    + [lambda: basket((MUG, 20), (SOFA, 1))]
    + [lambda: basket((MUG, 20), email=new_email("review.test"))]
    + [lambda: basket((MUG, 20), token="tok_declined")]
    + [lambda: basket((MUG, 20), token="tok_timeout")]
)
"""What every ten customers want; 150 of 200 get it."""
KILLS = (5, 40, 80, 120)


def test_everything_may_be_killed_several_times_in_the_middle_of_it_all(tmp_path: Path) -> None:
    with running_estate(tmp_path, "--fulfil", "auto") as estate:
        crowd = Crowd(estate, [MIX[number % len(MIX)]() for number in range(200)])

        def kill_again_and_again() -> None:
            for answers in KILLS:
                crowd.wait_for(answers)
                estate.kill_and_start()

        crowd.order_while(kill_again_and_again)
        estate.settle(within_s=60)

        kinds = Counter(outcome.kind for outcome in crowd.outcomes)
        assert kinds.keys() == {"confirmed", "held", "payment_declined", "out_of_stock"}, kinds
        assert_every_order_came_right(estate, crowd.outcomes, MUG)
        estate.kill_and_start()
        estate.settle()
        assert_every_order_came_right(estate, crowd.outcomes, MUG)


@pytest.mark.parametrize("name", ["worker", "background"])
def test_a_process_that_dies_alone_is_replaced_and_its_work_is_finished(tmp_path: Path, name: str) -> None:
    with running_estate(tmp_path, "--fulfil", "auto") as estate:
        crowd = Crowd(estate, [MIX[number % len(MIX)]() for number in range(80)])

        def kill_it_twice() -> None:
            for answers in (10, 40):
                crowd.wait_for(answers)
                estate.kill_one(name)

        before = estate.processes()
        crowd.order_while(kill_it_twice)
        estate.settle(within_s=60)

        after = estate.processes()
        assert (len(after["worker"]), len(after["background"])) == (2, 1)
        assert not set(after[name]) >= set(before[name])
        assert_every_order_came_right(estate, crowd.outcomes, MUG)


def test_workers_that_die_again_and_again_and_all_at_once_are_replaced_each_time(tmp_path: Path) -> None:
    with running_estate(tmp_path) as estate:
        for _ in range(4):
            for pid in estate.processes()["worker"]:
                os.kill(pid, SIGKILL)
            wait_for_workers(estate, 2)

        order = place(estate, basket((MUG, 1)))
        estate.settle()
        wait_for_late_scores(order)

        assert (order.status, len(order.shipments)) == ("confirmed", 1)
        assert estate.stop() == 0


def wait_for_workers(estate: RunningEstate, count: int) -> None:
    """Wait until so many are there and one of them answers."""
    until = monotonic() + 15
    while len(estate.processes()["worker"]) < count or not answers(estate):
        assert monotonic() < until, f"{estate.processes()}\n{estate.output}"
        sleep(0.05)


def answers(estate: RunningEstate) -> bool:
    try:
        return estate.ask("GET", "/-/health", caller=None).status_code == 200
    except requests.ConnectionError:
        return False


def test_when_its_supervisor_dies_all_end_and_another_start_goes_on(tmp_path: Path) -> None:
    with running_estate(tmp_path) as estate:
        order = place(estate, basket((MUG, 1)))

        estate.kill_one("supervisor")
        estate.start()
        estate.settle()
        wait_for_late_scores(order)

        assert (order.status, len(order.shipments)) == ("confirmed", 1)
        assert_books_agree(estate)
