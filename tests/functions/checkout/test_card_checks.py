"""The issuer knows another billing address or security code: the order is placed, and people look at it first."""

import pytest

from tests.in_process import InProcess, basket

MISMATCHES = [("tok_avs_mismatch", "avs_mismatch"), ("tok_cvc_mismatch", "cvc_mismatch")]


def place(estate: InProcess, token: str, **changes) -> dict:
    status, order = estate.place(basket(payment={"token": token}, **changes))
    assert status == 201
    return order


def reasons(order: dict) -> list[str]:
    return [reason["code"] for reason in order["fraud"]["reasons"]]


@pytest.mark.parametrize(("token", "code"), MISMATCHES)
def test_an_order_that_fraud_approves_is_held(estate: InProcess, token: str, code: str):
    order = place(estate, token)
    assert (order["status"], order["fraud"]["decision"], reasons(order)) == ("held", "review", [code])
    assert order["fraud"]["score"] is not None
    assert estate.get(f"/inventory/reservations/{order['order_id']}")["state"] == "firm"
    [payment] = estate.get(f"/payment/payments?order_id={order['order_id']}")["items"]
    assert (payment["type"], payment["status"]) == ("authorization", "authorized")
    estate.deliver()
    assert estate.get(f"/order_management/orders/{order['order_id']}")["status"] == "held"
    assert estate.get(f"/warehouse/shipments?order_id={order['order_id']}")["items"] == []


@pytest.mark.parametrize("decision", ["approve", "reject"])
def test_people_decide(estate: InProcess, decision: str):
    order = place(estate, "tok_avs_mismatch")
    estate.deliver()
    decided = {"by": "grace", "reason": "called the customer"}
    path = f"/order_management/orders/{order['order_id']}"
    assert estate.post(f"{path}/{decision}", decided)[0] == 200
    estate.deliver()
    ships = estate.get(f"/warehouse/shipments?order_id={order['order_id']}")["items"]
    authorization = estate.get(f"/payment/authorizations/{order['order_id']}")["status"]
    expected = ("confirmed", 1, "authorized") if decision == "approve" else ("rejected", 0, "voided")
    assert (estate.get(path)["status"], len(ships), authorization) == expected


def test_what_fraud_would_hold_anyway_has_both_reasons(estate: InProcess):
    customer = {"email": "ada@review.test", "first_name": "Ada", "last_name": "Lovelace"}
    order = place(estate, "tok_cvc_mismatch", customer=customer)
    assert (order["status"], reasons(order)[-1], len(reasons(order))) == ("held", "cvc_mismatch", 2)


def test_a_late_score_does_not_approve_what_the_issuer_doubts(estate: InProcess):
    def dead() -> None:
        raise ConnectionError("no way to Azure")

    estate.before["fraud", "POST /api/score"] = dead
    order = place(estate, "tok_avs_mismatch")
    assert reasons(order) == ["fraud_silent", "avs_mismatch"]
    estate.before.clear()
    estate.deliver()
    estate.run("order_management", "rescore_silent_orders")
    estate.deliver()
    path = f"/order_management/orders/{order['order_id']}"
    held = estate.get(path)
    assert (held["status"], held["fraud"]["decision"], reasons(held)) == ("held", "review", ["avs_mismatch"])
    assert estate.post(f"{path}/approve", {"by": "grace", "reason": "called the customer"})[0] == 200


def test_where_both_are_known_or_nobody_asked_nothing_is_held(estate: InProcess):
    assert place(estate, "tok_visa")["status"] == "confirmed"
