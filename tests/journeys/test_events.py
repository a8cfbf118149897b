"""Events that are poisoned, doubled, late or unknown: each does its harm to nobody."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from shared.manifest import manifest
from shared.values.clock import rfc3339, utc_now
from tests.estate import RunningEstate, running_estate
from tests.journeys.baskets import MUG, basket, new_email
from tests.journeys.messages import message, publish, push, push_raw, sample
from tests.journeys.shopping import place, refusal, stock

pytestmark = pytest.mark.estate


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEstate]:
    """One of its own: its dead letters stay."""
    with running_estate(tmp_path_factory.mktemp("events")) as started:
        yield started


def inventory_account(estate: RunningEstate) -> list[tuple[str, str]]:
    """What stock is worth, by entity."""
    accounts = estate.get("/accounting/trial-balance")["accounts"]
    return [(each["entity"], each["balance"]["amount"]) for each in accounts if each["account"] == "inventory"]


def test_an_event_that_comes_twice_is_applied_once(estate: RunningEstate) -> None:
    estate.settle()
    event, opening = sample("inventory.received"), inventory_account(estate)

    effects = [push(estate, "accounting/post_stock_movement", event) for _ in range(3)]
    booked = inventory_account(estate)

    assert effects == ["applied", "suppressed", "suppressed"]
    assert booked != opening
    estate.post("/-/schedules/accounting/purge_expired", {"now": rfc3339(utc_now() + timedelta(days=31))})
    assert push(estate, "accounting/post_stock_movement", event) == "applied"
    assert inventory_account(estate) == booked, "after its handled record is gone its key still tells it"


def test_a_published_event_that_comes_again_changes_nothing(estate: RunningEstate) -> None:
    event = sample("fraud.scored")

    for _ in range(2):
        publish(estate, event, event)
    estate.settle()

    assert estate.get("/-/dead-letters")["items"] == []


def test_a_type_that_the_row_does_not_want_is_acknowledged_without_effect(estate: RunningEstate) -> None:
    assert push(estate, "accounting/draft_invoice", sample("order.held")) == "unwanted"
    without_type = {"data": "", "attributes": {}, "messageId": "1"}
    assert push_raw(estate, "accounting/draft_invoice", without_type).headers["X-Effect"] == "unwanted"


def test_an_order_that_was_stopped_before_it_was_heard_of_is_never_planned(estate: RunningEstate) -> None:
    event = sample("order.confirmed")
    order_id = event["data"]["order_id"]

    estate.post(f"/warehouse/orders/{order_id}/stop", {"by": "journey", "reason": "cancelled"})

    assert push(estate, "warehouse/plan_shipments", event) == "applied"
    assert estate.items(f"/warehouse/shipments?order_id={order_id}") == []


def test_what_is_no_push_is_refused(estate: RunningEstate) -> None:
    for sent in (None, "text", {"data": "not base64!"}):
        assert refusal(push_raw(estate, "accounting/draft_invoice", sent)) == (400, "bad_request")
    answer = estate.ask("POST", "/accounting/events/list_invoices", {}, caller="push")
    assert refusal(answer) == (404, "not_found")


def test_publishing_needs_a_topic_and_base64(estate: RunningEstate) -> None:
    good = {"messages": [message(sample("order.held"))]}
    assert refusal(estate.ask("POST", "/-/topics/nothing/publish", good)) == (404, "not_found")
    wrongs: list[dict[str, Any]] = [{}, {"messages": []}, {"messages": [{"data": "%%%"}]}, {"messages": [{"text": ""}]}]
    for wrong in wrongs:
        assert refusal(estate.ask("POST", "/-/topics/order-events/publish", wrong)) == (422, "invalid")


def test_a_held_order_that_nobody_reviews_is_rejected_by_itself(estate: RunningEstate) -> None:
    mugs = stock(estate, MUG)
    order = place(estate, basket((MUG, 1), email=new_email("review.test")))
    estate.settle()

    for hours, status in ((71, "held"), (73, "rejected")):
        now = rfc3339(utc_now() + timedelta(hours=hours))
        estate.post("/-/schedules/order_management/reject_overdue_reviews", {"now": now})
        estate.settle()
        assert order.status == status

    assert (order.reservation(), stock(estate, MUG)) == ("released", mugs)
    assert order.payments[-1][:2] == ("void", "voided")


@pytest.mark.parametrize(("body", "told"), [({"now": "soon"}, 422), ({"when": "now"}, 422), (None, 200)])
def test_a_schedule_takes_a_moment_or_nothing(estate: RunningEstate, body: Any, told: int) -> None:
    assert estate.ask("POST", "/-/schedules/inventory/expire_reservations", body).status_code == told


def test_only_scheduled_functions_run_by_schedule(estate: RunningEstate) -> None:
    for path in ("inventory/reserve_stock", "nobody/purge_expired", "fraud/purge_expired"):
        assert refusal(estate.ask("POST", f"/-/schedules/{path}", {})) == (404, "not_found")


# From here on there are dead letters.


def poisoned() -> dict[str, Any]:
    """An event that no subscriber can read."""
    return sample("order.confirmed") | {"data": {"order_id": "ord_poison"}}


READERS = {
    each.name
    for each in manifest().subscriptions()
    if each.types is not None and "order.confirmed" in each.types and each.topic == "order-events"
}


def test_a_poisoned_event_is_given_up_with_its_reason_and_blocks_nobody(estate: RunningEstate) -> None:
    estate.settle()
    event = poisoned()

    publish(estate, event)
    order = place(estate, basket((MUG, 1)))
    estate.settle(within_s=10)

    assert (order.status, len(order.shipments), len(order.invoices)) == ("confirmed", 1, 1)
    letters = [each for each in estate.get("/-/dead-letters")["items"] if each["event_id"] == event["id"]]
    assert {each["subscription"] for each in letters} == READERS
    assert len(letters) == len(READERS)
    for letter in letters:
        assert letter["error_code"] == "invalid", letter
        assert "order" in letter["error_detail"], letter
        assert letter["data"]["data"] == event["data"]
    counted = {each["name"]: each["dead_lettered"] for each in estate.get("/-/subscriptions")["items"]}
    assert {name for name, count in counted.items() if count} == READERS


def test_dead_letters_are_replayed_to_their_own_subscription_alone(estate: RunningEstate) -> None:
    estate.settle()
    before = {each["name"]: each["delivered"] for each in estate.get("/-/subscriptions")["items"]}
    letter = estate.get("/-/dead-letters")["items"][0]
    everything = len(estate.get("/-/dead-letters")["items"])

    assert estate.post("/-/dead-letters/replay", {"ids": [letter["id"]]}) == {"replayed": 1}
    estate.settle()

    after = {each["name"]: each["delivered"] for each in estate.get("/-/subscriptions")["items"]}
    assert {name for name in after if after[name] != before[name]} <= {letter["subscription"]}
    again = estate.get("/-/dead-letters")["items"]
    assert len(again) == everything, "what was poisoned stays so"
    assert letter["id"] not in [each["id"] for each in again]
    assert estate.post("/-/dead-letters/replay", {"subscription": letter["subscription"]}) == {"replayed": 1}
    assert estate.post("/-/dead-letters/replay", {"ids": ["1"]}) == {"replayed": 0}
    estate.settle()
    assert estate.post("/-/dead-letters/replay") == {"replayed": everything}
    estate.settle()
    for mistyped in ({"ids": ["x"]}, {"subscription": "no.such.subscription"}):
        assert refusal(estate.ask("POST", "/-/dead-letters/replay", mistyped)) == (422, "invalid")


def test_a_service_that_differs_from_the_events_is_named(estate: RunningEstate) -> None:
    estate.settle()

    found = estate.get("/data_warehouse/reports/reconciliation")

    assert found["balanced"] is False
    differences = {
        (each["service"], each["total"]): (each["events"], each["documents"]) for each in found["differences"]
    }
    assert differences[("checkout", "orders.count")][0] == differences[("checkout", "orders.count")][1] + 1


def test_a_message_that_is_no_json_is_given_up_by_all_who_want_its_type(estate: RunningEstate) -> None:
    attributes = {"ce-type": "order.held", "ce-id": "evt_garbage"}
    estate.post("/-/topics/order-events/publish", {"messages": [{"data": "bm90IGpzb24=", "attributes": attributes}]})
    estate.settle(within_s=10)

    letters = [each for each in estate.get("/-/dead-letters")["items"] if each["event_id"] == "evt_garbage"]

    assert {each["error_code"] for each in letters} == {"undeliverable"}
    assert "data_warehouse.collect_event.order-events" in {each["subscription"] for each in letters}
    assert [each["data"] for each in letters] == ["not json"] * len(letters)
