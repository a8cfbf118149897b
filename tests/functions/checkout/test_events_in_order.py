"""An order's events leave checkout in the order of their commits, also when the broker was away (PROMISES 5)."""

from collections.abc import Sequence

import pytest

from shared.messaging.embedded.broker import Broker
from shared.messaging.publisher import Message
from tests.in_process import InProcess, basket


def kept(estate: InProcess, order_id: str) -> list[str]:
    """What data_warehouse gets of an order's events, in the order of the broker's ids."""
    return [
        each.attribute_values["ce-type"]
        for each in estate.broker.lease(1000, estate.clock())
        if each.ordering_key == order_id and each.subscription.service == "data_warehouse"
    ]


def break_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_: Broker, messages: Sequence[Message]) -> list[str]:
        raise ConnectionError("the broker is away")

    monkeypatch.setattr(Broker, "publish", away)


def test_what_a_failed_publish_left_goes_before_the_orders_next_event(
    estate: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        break_broker(broken)
        status, order = estate.place(basket(payment={"token": "tok_3ds"}))
    assert (status, order["status"]) == (201, "requires_action")

    status, _ = estate.post(f"/checkout/orders/{order['order_id']}/confirm", caller="gke-checkout")

    assert status == 200
    assert estate.get("/checkout/outstanding")["outbox"] == 0
    assert kept(estate, order["order_id"]) == ["order.action_required", "order.confirmed"]


def test_what_a_dead_process_left_goes_before_the_orders_next_event(
    estate: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        break_broker(broken)
        _, order = estate.place(basket(payment={"token": "tok_3ds"}))
    estate.restart()

    status, _ = estate.post(f"/checkout/orders/{order['order_id']}/confirm", caller="gke-checkout")

    assert status == 200
    assert kept(estate, order["order_id"]) == ["order.action_required", "order.confirmed"]
    assert estate.run("checkout", "relay_outbox") == {"sent": 0}
