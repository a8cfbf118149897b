"""The bounded part of `make explore`: a few hundred schedules are clean, and each mechanism switched off is noticed."""

import itertools
from collections.abc import Iterator

import pytest

from functions.checkout.order import Order
from shared.storage import Transaction
from shared.storage.connect import connect
from tests.explorer.exploring import Explorer, Failure, exploring, first_failure
from tests.explorer.planted import HANDLED_RECORDS, MECHANISMS, without
from tests.explorer.schedules import KINDS, Fault, Moments, Schedule, all_of, drawn, single
from tests.explorer.stories import STORIES, Actor

ALONE, DRAWN, NATURAL = 400, 306, 51
"""So many schedules of one fault, of several, and without handled records; half a minute of one core."""
WANT_CONFIRMED = 6
"""Subscriptions for order.confirmed, data_warehouse's of everything included."""
AT_MOST = 4000
"""A planted fault is found long before."""


@pytest.fixture(scope="module")
def explorer() -> Iterator[Explorer]:
    with exploring() as explorer:
        yield explorer


@pytest.fixture(scope="module")
def moments(explorer: Explorer) -> dict[str, Moments]:
    return {story: explorer.moments(story) for story in STORIES}


def assert_clean(failure: Failure | None) -> None:
    assert failure is None, f"\n{failure}"


def test_an_undisturbed_order_comes_right_and_has_moments_of_each_kind(moments: dict[str, Moments]):
    assert moments.keys() == STORIES.keys()
    assert all(count > 0 for counted in moments.values() for count in counted.values())


def test_one_fault_at_any_moment_breaks_nothing(explorer: Explorer, moments: dict[str, Moments]):
    alone = [each for story, known in moments.items() for each in single(story, known)]
    assert {fault.kind for each in alone for fault in each.faults} == KINDS.keys()
    assert_clean(first_failure(explorer, alone[:: len(alone) // ALONE]))


def test_several_faults_in_any_order_break_nothing(explorer: Explorer, moments: dict[str, Moments]):
    several = [drawn(story, known, seed) for seed in range(DRAWN // len(moments)) for story, known in moments.items()]
    assert_clean(first_failure(explorer, several))


def test_without_handled_records_natural_keys_still_double_nothing(explorer: Explorer, moments: dict[str, Moments]):
    with without(*HANDLED_RECORDS):
        several = [drawn(story, known, 1000 + seed) for seed in range(3) for story, known in moments.items()]
        assert_clean(first_failure(explorer, several[:NATURAL]))


def test_a_poisoned_event_is_given_up_with_its_reason_and_its_neighbours_arrive(explorer: Explorer):
    with explorer.world() as world:
        assert explorer.one(world, Schedule("plain", 0, (Fault("poisoned"),))) == []
        letters = world.broker.dead_letters()
        assert len(letters) == WANT_CONFIRMED
        assert {(each["event_id"], each["error_code"]) for each in letters} == {("evt_poison", "undeliverable")}


def test_a_change_of_state_that_nobody_drew_is_noticed(explorer: Explorer):
    with explorer.world() as world:
        world.begin(Schedule("plain"))
        db = connect("checkout", world.settings)
        actor = Actor(world, Schedule("plain"))
        actor.place()

        def revive(tx: Transaction) -> None:
            order = tx.get(Order, actor.order_id)
            assert order is not None
            order.state = "running"
            tx.put(order)

        db.transact(revive)
        assert world.illegal == [f"checkout {actor.order_id}: from placed to running"]


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_it_notices_a_mechanism_that_is_switched_off(explorer: Explorer, moments: dict[str, Moments], mechanism: str):
    with without(*MECHANISMS[mechanism]):
        found = first_failure(explorer, itertools.islice(all_of(moments, 1), AT_MOST))
        assert found is not None
        least = explorer.smallest(found)
        assert len(least.schedules) == 1
        [schedule] = least.schedules
        assert len(schedule.faults) <= 1
        again = explorer.together([Schedule.read(str(schedule))])
        assert again is not None
        assert again.violations == least.violations
    assert_clean(explorer.together([schedule]))


def test_a_schedule_is_read_as_it_is_written():
    whole = Schedule("plain", 7, (Fault("lost", 12, 3), Fault("twice", 4), Fault("shuffle"), Fault("fraud-dead", 3)))
    assert str(whole) == "plain#7 lost@12x3 twice@4 shuffle fraud-dead@3"
    assert Schedule.read(str(whole)) == whole


def test_what_is_no_fault_is_refused():
    with pytest.raises(ValueError, match="no such fault: losst"):
        Schedule.read("plain#1 losst@2")


def test_drawn_schedules_are_those_of_their_seed():
    known = {"ask": 10, "commit": 30, "publish": 5, "push": 20}
    assert drawn("plain", known, 3) == drawn("plain", known, 3)
    assert len({drawn("plain", known, seed) for seed in range(50)}) > 45
