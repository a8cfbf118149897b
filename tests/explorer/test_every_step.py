"""The process is killed before and after every step of every function with outside effects; another one goes on.

Which functions those are is read from their signatures (`steps.py`): a new one that no scenario here comes to fails.
After each kill everything must come to rest with every invariant whole, as if nobody had been killed.
"""

from collections.abc import Iterator

import pytest

from tests.explorer.deeds import DEEDS
from tests.explorer.exploring import Explorer, exploring
from tests.explorer.invariants import of_the_estate
from tests.explorer.schedules import Schedule
from tests.explorer.steps import Killer, Step, watched, with_outside_effects
from tests.explorer.stories import Actor
from tests.explorer.world import World

SCENARIOS = {
    "accounting.draft_invoice": "plain",
    "checkout.place_order": "furniture",
    "checkout.confirm_payment": "authenticated",
    "checkout.import_order": "the old checkout",
    "checkout.resume_orders": "plain#0 die-after-ask@4",
    "data_warehouse.load_events": "loaded",
    "data_warehouse.check_control_totals": "checked",
    "legacy_checkout.check_identity": "the old checkout",
    "legacy_checkout.count_sale": "the old checkout",
    "legacy_checkout.take_customer": "the old checkout",
    "legacy_checkout.change_customer": "the old checkout",
    "legacy_checkout.take_customer_order": "the old checkout",
    "legacy_checkout.take_transaction": "the old checkout",
    "legacy_checkout.take_shipment": "the old checkout",
    "legacy_checkout.take_push": "the old checkout",
    "legacy_checkout.take_order_event": "the old checkout",
    "legacy_checkout.follow_parcel": "the old checkout",
    "legacy_checkout.record_metric": "the old checkout",
    "legacy_checkout.finish_orders": "the old checkout",
    "notification.notify_order": "plain",
    "notification.notify_shipment": "plain",
    "notification.send_pending": "mail delayed",
    "order_management.cancel_order": "cancelled-line",
    "order_management.forward_to_fraud": "plain",
    "order_management.tell_fraud_outcome": "approved",
    "order_management.rescore_silent_orders": "denied#0 fraud-dead@1",
    "order_management.finish_cancellations": "cancelled",
    "payment.authorize_payment": "plain",
    "payment.confirm_authorization": "authenticated",
    "payment.void_authorization": "expired",
    "payment.capture_shipment": "furniture",
    "payment.void_abandoned": "cancelled",
    "payment.reduce_charge": "cancelled-line",
    "payment.refund_return": "returned",
    "payment.retry_failed_capture": "captured by hand",
    "payment.retry_failed_refund": "refund asked again",
    "payment.record_chargeback": "charged back",
    "payment.pay_out": "paid out",
    "payment.renew_authorizations": "renewed",
    "payment.retry_refused": "captured the next day",
    "payment.settle_unknown": "settled by itself",
    "warehouse.plan_shipments": "furniture",
    "warehouse.pick_shipment": "picked short",
    "warehouse.settle_shorts": "picked short",
    "warehouse.book_shipment": "booked",
    "warehouse.ask_carriers": "booked",
}

AFTER: dict[str, tuple[str, Step]] = {
    "legacy_checkout.finish_orders": ("legacy_checkout.take_shipment", Step(2, "before")),
    "order_management.finish_cancellations": ("order_management.cancel_order", Step(1, "before")),
    "warehouse.settle_shorts": ("warehouse.pick_shipment", Step(1, "before")),
}
"""What has to be killed first, so that a sweep has something to do."""


@pytest.fixture(scope="module")
def killer() -> Killer:
    return Killer()


@pytest.fixture(scope="module")
def explorer(killer: Killer) -> Iterator[Explorer]:
    with exploring() as explorer, watched(killer):
        yield explorer


def test_every_function_with_outside_effects_is_killed_at_every_step() -> None:
    assert sorted(with_outside_effects()) == sorted(SCENARIOS)


@pytest.mark.parametrize("function", SCENARIOS)
def test_killed_at_any_step_everything_comes_right(explorer: Explorer, killer: Killer, function: str) -> None:
    scenario = SCENARIOS[function]
    assert steps(explorer, killer, function, scenario, [None]) == {}
    count = killer.passed
    assert count >= 1, f"{scenario} does not come to {function}"
    every = [Step(number, side) for number in range(count) for side in ("before", "after")]  # type: ignore[arg-type]
    assert steps(explorer, killer, function, scenario, every) == {}


def steps(
    explorer: Explorer, killer: Killer, function: str, scenario: str, at: list[Step | None]
) -> dict[Step | None, list[str]]:
    """Run a scenario for each kill; return what was wrong after which. Deeds take an estate each."""
    if scenario in DEEDS:
        return {step: found for step in at if (found := _deed(explorer, killer, function, scenario, step))}
    with explorer.world() as world:
        killer.world = world
        wrong = {step: found for step in at if (found := _story(explorer, world, killer, function, scenario, step))}
        found = of_the_estate(world)
    return wrong | ({None: found} if found else {})


def _story(
    explorer: Explorer, world: World, killer: Killer, function: str, scenario: str, step: Step | None
) -> list[str]:
    killer.aim(function, step, AFTER.get(function))
    found = explorer.one(world, Schedule.read(scenario))
    return found if step is None or killer.struck else [*found, "nobody was killed"]


def _deed(explorer: Explorer, killer: Killer, function: str, scenario: str, step: Step | None) -> list[str]:
    with explorer.world() as world:
        killer.world = world
        world.begin(Schedule(scenario))
        killer.aim(function, step, AFTER.get(function))
        DEEDS[scenario](Actor(world, Schedule(scenario)))
        world.come_to_rest()
        missed = step is not None and not killer.struck
        world.strikes.rest()
        world.release()
        world.come_to_rest()
        return of_the_estate(world) + (["nobody was killed"] if missed else [])
