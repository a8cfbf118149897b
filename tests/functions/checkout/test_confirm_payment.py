"""3-D Secure: what the customer has authenticated is finished as soon as it can be, or undone when it never can."""

from datetime import timedelta

import pytest

from tests.in_process import InProcess, basket

STEPS = [
    ("payment", "POST /authorizations/"),
    ("inventory", "POST /reservations/"),
]


def no_way() -> None:
    raise ConnectionError("the service is away")


def waiting(estate: InProcess) -> str:
    _, order = estate.place(basket(payment={"token": "tok_3ds"}))
    assert order["status"] == "requires_action"
    return str(order["order_id"])


def confirm(estate: InProcess, order_id: str) -> tuple[int, dict]:
    return estate.post(f"/checkout/orders/{order_id}/confirm", caller="gke-checkout")


def held(estate: InProcess, order_id: str) -> str:
    return str(estate.get(f"/payment/authorizations/{order_id}")["status"])


@pytest.mark.parametrize("step", STEPS, ids=["payment", "inventory"])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_service_that_is_away_costs_the_customer_nothing_but_another_try(
    estate: InProcess, step: tuple[str, str], moment: str
) -> None:
    order_id = waiting(estate)
    getattr(estate, moment)[step] = no_way
    status, problem = confirm(estate, order_id)
    assert (status, problem["code"]) == (503, "call_failed")
    estate.deliver()
    assert estate.get(f"/order_management/orders/{order_id}")["status"] == "requires_action", "not undone"
    assert estate.get(f"/inventory/reservations/{order_id}")["state"] in ("pending", "firm"), "not released"
    assert held(estate, order_id) in ("requires_action", "authorized"), "not voided"

    getattr(estate, moment).clear()
    status, order = confirm(estate, order_id)
    assert (status, order["status"]) == (200, "confirmed")
    estate.deliver()
    assert (held(estate, order_id), estate.get(f"/inventory/reservations/{order_id}")["state"]) == (
        "authorized",
        "firm",
    )
    payments = estate.get(f"/payment/payments?order_id={order_id}")["items"]
    assert [(each["type"], each["status"]) for each in payments] == [("authorization", "authorized")]


def test_who_never_asks_again_is_undone_when_the_goods_are_held_no_longer(estate: InProcess) -> None:
    order_id = waiting(estate)
    estate.before["inventory", "POST /reservations/"] = no_way
    assert confirm(estate, order_id)[0] == 503
    assert held(estate, order_id) == "authorized"
    estate.before.clear()
    estate.offset += timedelta(minutes=16)
    assert estate.run("checkout", "resume_orders") == {"resumed": 1}
    estate.deliver()
    assert held(estate, order_id) == "voided"
    assert estate.get(f"/order_management/orders/{order_id}")["status"] == "cancelled"
    assert estate.get(f"/inventory/reservations/{order_id}")["state"] == "released"


def test_goods_that_were_let_go_meanwhile_undo_the_order(estate: InProcess) -> None:
    order_id = waiting(estate)
    estate.offset += timedelta(minutes=16)
    estate.run("inventory", "expire_reservations")
    status, problem = confirm(estate, order_id)
    assert (status, problem["code"]) == (409, "reservation_expired")
    estate.deliver()
    assert held(estate, order_id) == "voided"
    assert estate.get(f"/order_management/orders/{order_id}")["status"] == "cancelled"
