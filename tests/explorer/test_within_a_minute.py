"""The process dies at any step of the checkout, and the customer goes away: within a minute nothing lies about.

No authorization without an order, no reservation without an order: the order is finished or undone by the sweeps alone.
Where the bank has not said whether it authorized, the minute counts from when it says.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest

import tests.explorer.world
from functions.checkout.order import Order as Placing
from functions.furniture.reservations import FreightReservation
from functions.payment.authorization import Authorization
from functions.payment.sandbox_payment import SandboxPayment
from shared.stock.reservations import Reservation
from shared.storage.connect import connect
from tests.explorer.exploring import Explorer, exploring
from tests.explorer.schedules import Schedule
from tests.explorer.steps import Killer, Step, watched
from tests.explorer.stories import MIXED, TOO_MANY
from tests.explorer.world import World
from tests.in_process import basket

PLACE = "checkout.place_order"
BASKETS = {
    "plain": basket(items=MIXED),
    "declined": basket(items=MIXED, payment={"token": "tok_declined"}),
    "out-of-stock": basket(items=TOO_MANY),
    "price-changed": basket(items=MIXED, expected_total={"currency": "USD", "amount": "1.00"}),
    "no-gateway": basket(items=MIXED, payment={"token": "tok_processing_error"}),
    "slow-gateway": basket(items=MIXED, payment={"token": "tok_timeout"}),
    "held": basket(items=MIXED, customer={"email": "a@review.test", "first_name": "A", "last_name": "L"}),
    "denied": basket(items=MIXED, customer={"email": "a@deny.test", "first_name": "A", "last_name": "L"}),
}
LIVE = ("pending", "firm")
SILENT_BANKS = {"slow-gateway": 1}
"""Sweeps that hear nothing: a bank that was first asked by a sweep speaks after it; the next one is a minute later."""


@pytest.fixture(scope="module")
def killer() -> Killer:
    return Killer()


@pytest.fixture(scope="module")
def explorer(killer: Killer) -> Iterator[Explorer]:
    with exploring() as explorer, watched(killer):
        yield explorer


def left_lying(world: World) -> list[str]:
    """What is held or authorized for an order that is not placed."""
    found = []
    for state in ("running", "undoing", "awaiting_customer", "placed", "refused"):
        for each in connect("checkout", world.settings).query(Placing, state=state, order_by="created_at").items:
            found += [
                f"{each.order_id} is {state}: {what}" for what in held_for(world, each.order_id) if state != "placed"
            ]
            found += [f"{each.order_id} is {state}"] if state not in ("placed", "refused") else []
    return found


def held_for(world: World, order_id: str) -> Iterator[str]:
    for service, kind in (("inventory", Reservation), ("furniture", FreightReservation)):
        held = connect(service, world.settings).get(kind, order_id)
        if held is not None and held.state in LIVE:
            yield f"its goods of {service} are {held.state}"
    payment = connect("payment", world.settings).get(Authorization, order_id)
    if payment is not None and payment.state in ("authorizing", "authorized"):
        yield f"its payment is {payment.state}"
    if payment is not None and payment.payment_id:
        outside = connect("gateway", world.settings).get(SandboxPayment, payment.payment_id)
        if outside is not None and outside.state == "authorized":
            yield "the gateway holds the money"


@pytest.mark.parametrize("story", BASKETS)
def test_what_a_dead_process_left_is_finished_or_undone_within_a_minute(
    explorer: Explorer, killer: Killer, story: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tests.explorer.world, "MINUTE", 59.0)
    with explorer.world() as world:
        killer.world = world
        place(world, killer, story, None)
        count, wrong = killer.passed, {}
        assert count > 5
        for number in range(count):
            for side in ("before", "after"):
                place(world, killer, story, Step(number, side))  # type: ignore[arg-type]
                for _ in range(SILENT_BANKS.get(story, 0)):
                    world.minute()
                died = world.time.now
                world.minute()
                assert world.time.now - died < timedelta(seconds=60)
                if found := left_lying(world):
                    wrong[number, side] = found
                    world.come_to_rest()
        assert wrong == {}


def place(world: World, killer: Killer, story: str, step: Step | None) -> None:
    """Ask once, under a key of its own."""
    world.begin(Schedule(story))
    killer.aim(PLACE, step)
    headers = {"Idempotency-Key": f"{story}-{step}".replace(" ", "")}
    world.guarded(lambda: world.ask("gke-checkout", "POST", "/checkout/orders", BASKETS[story], **headers))
    assert step is None or killer.struck
    world.pump()
