"""Placing an order: what is answered, what holds afterwards, and what must not have happened."""

from datetime import timedelta

import pytest

from functions.checkout.order import Order
from shared.storage.connect import connect
from tests.in_process import HOME, InProcess, basket


def reserved(estate: InProcess, sku: str = "OLJCESPC7Z") -> int:
    return int(estate.get(f"/inventory/stock/{sku}")["reserved"])


def payments(estate: InProcess, order_id: str) -> list[tuple[str, str]]:
    return [(item["type"], item["status"]) for item in estate.get(f"/payment/payments?order_id={order_id}")["items"]]


def test_a_plain_order_is_confirmed_with_every_figure(estate: InProcess):
    status, order = estate.place(basket())
    assert status == 201
    assert order["status"] == "confirmed"
    assert [line["sku"] for line in order["lines"]] == ["OLJCESPC7Z", "6E92ZMYYFZ"]
    figures = ("subtotal", "discount", "rounding", "shipping", "shipping_tax", "tax", "total")
    assert {name: order[name]["amount"] for name in figures} == {
        "subtotal": "48.97",
        "discount": "0.00",
        "rounding": "0.00",
        "shipping": "4.99",
        "shipping_tax": "0.00",
        "tax": "3.55",
        "total": "57.51",
    }
    assert estate.get(f"/checkout/orders/{order['order_id']}") == order
    assert reserved(estate) == 2
    assert payments(estate, order["order_id"]) == [("authorization", "authorized")]
    assert estate.get(f"/inventory/reservations/{order['order_id']}")["state"] == "firm"


def test_the_same_sku_twice_is_added_up(estate: InProcess):
    items = [{"sku": "6E92ZMYYFZ", "quantity": 1}, {"sku": "6E92ZMYYFZ", "quantity": 2}]
    status, order = estate.place(basket(items=items))
    assert status == 201
    assert [(line["sku"], line["quantity"]) for line in order["lines"]] == [("6E92ZMYYFZ", 3)]


def test_an_order_under_review_is_held_with_firm_stock_and_an_authorization(estate: InProcess):
    customer = {"email": "ada@review.test", "first_name": "Ada", "last_name": "Lovelace"}
    status, order = estate.place(basket(customer=customer))
    assert (status, order["status"], order["fraud"]["decision"]) == (201, "held", "review")
    assert estate.get(f"/inventory/reservations/{order['order_id']}")["state"] == "firm"
    assert payments(estate, order["order_id"]) == [("authorization", "authorized")]
    estate.deliver()
    assert estate.get(f"/warehouse/shipments?order_id={order['order_id']}")["items"] == []
    assert estate.get(f"/accounting/invoices?order_id={order['order_id']}")["items"] == []


def test_fraud_denies_before_money_moves_and_tells_no_reason(estate: InProcess):
    customer = {"email": "ada@deny.test", "first_name": "Ada", "last_name": "Lovelace"}
    status, problem = estate.place(basket(customer=customer))
    assert (status, problem["code"]) == (402, "payment_refused")
    assert "reasons" not in str(problem)
    assert reserved(estate) == 0
    assert ("payment", "POST /authorizations") not in estate.requests


def test_a_silent_fraud_service_holds_the_order_without_a_score(estate: InProcess):
    def dead() -> None:
        raise ConnectionError("no way to Azure")

    estate.before["fraud", "POST /api/score"] = dead
    status, order = estate.place(basket())
    assert (status, order["status"]) == (201, "held")
    assert order["fraud"]["score"] is None
    assert [reason["code"] for reason in order["fraud"]["reasons"]] == ["fraud_silent"]
    estate.before.clear()
    estate.deliver()
    estate.run("order_management", "rescore_silent_orders")
    estate.deliver()
    assert estate.get(f"/order_management/orders/{order['order_id']}")["status"] == "confirmed"


@pytest.mark.parametrize(
    ("token", "status", "code"),
    [
        ("tok_declined", 402, "payment_declined"),
        ("tok_insufficient_funds", 402, "payment_declined"),
        ("tok_expired", 402, "payment_declined"),
        ("tok_processing_error", 503, "payment_unavailable"),
        ("4111111111111111", 422, "card_number_refused"),
        ("tok_unheard_of", 422, "invalid"),
    ],
)
def test_a_payment_that_fails_leaves_nothing_behind(estate: InProcess, token: str, status: int, code: str):
    answered, problem = estate.place(basket(payment={"token": token}))
    assert (answered, problem["code"]) == (status, code)
    assert token not in str(problem) or token.startswith("tok_")
    assert reserved(estate) == 0
    assert estate.get("/checkout/outstanding") == {"outbox": 0, "sagas": 0}


def test_after_a_503_the_same_key_starts_a_new_order(estate: InProcess):
    unavailable = basket(payment={"token": "tok_processing_error"})
    assert estate.place(unavailable)[0] == 503
    assert estate.place(unavailable)[0] == 503
    attempts = [path for service, path in estate.requests if service == "payment" and path.endswith("/void")]
    assert len(set(attempts)) == 2, "each try has an order id of its own"


def test_a_refusal_is_given_again_and_nothing_is_tried_again(estate: InProcess):
    first = estate.place(basket(payment={"token": "tok_declined"}))
    asked = len(estate.requests)
    assert estate.place(basket(payment={"token": "tok_declined"})) == first
    assert len(estate.requests) == asked + 1


def test_an_unknown_outcome_is_in_progress_until_it_is_known(estate: InProcess):
    body = basket(payment={"token": "tok_timeout"})
    status, problem = estate.place(body)
    assert (status, problem["code"]) == (409, "in_progress")
    assert reserved(estate) == 2, "the goods wait for the money"
    estate.offset += timedelta(seconds=10)
    status, order = estate.place(body)
    assert (status, order["status"]) == (201, "confirmed")
    assert payments(estate, order["order_id"]) == [("authorization", "authorized")]


def test_a_confirm_that_comes_too_early_takes_no_lease(estate: InProcess):
    assert estate.place(basket(payment={"token": "tok_timeout"}))[0] == 409
    [order] = connect("checkout", estate.settings).query(Order, state="running", order_by="created_at").items
    assert estate.post(f"/checkout/orders/{order.order_id}/confirm")[1]["code"] == "illegal_transition"
    estate.offset += timedelta(seconds=10)
    assert estate.run("checkout", "resume_orders") == {"resumed": 1}


def test_three_d_secure_is_finished_by_confirm(estate: InProcess):
    status, order = estate.place(basket(payment={"token": "tok_3ds"}))
    assert (status, order["status"]) == (201, "requires_action")
    assert order["payment"]["next_action"]["type"] == "redirect"
    estate.deliver()
    assert estate.get(f"/order_management/orders/{order['order_id']}")["status"] == "requires_action"
    confirm = f"/checkout/orders/{order['order_id']}/confirm"
    status, confirmed = estate.post(confirm, caller="gke-checkout")
    assert (status, confirmed["status"]) == (200, "confirmed")
    assert estate.post(confirm, caller="gke-checkout") == (200, confirmed)
    estate.deliver()
    assert estate.get(f"/order_management/orders/{order['order_id']}")["status"] == "confirmed"


def test_three_d_secure_that_nobody_finishes_is_undone_when_the_reservation_expires(estate: InProcess):
    _, order = estate.place(basket(payment={"token": "tok_3ds"}))
    estate.offset += timedelta(minutes=16)
    estate.run("checkout", "resume_orders")
    estate.deliver()
    assert reserved(estate) == 0
    assert ("authorization", "authorized") not in payments(estate, order["order_id"])
    assert estate.get(f"/order_management/orders/{order['order_id']}")["status"] == "cancelled"
    assert estate.ask("gke-checkout", "GET", f"/checkout/orders/{order['order_id']}").status == 404


def test_refuses_before_anything_is_held(estate: InProcess):
    blocked = {"email": "blocked@example.com", "first_name": "B", "last_name": "B"}
    for key, (change, status, code) in enumerate(
        [
            ({"customer": blocked}, 403, "customer_blocked"),
            ({"items": [{"sku": "NOPE", "quantity": 1}]}, 422, "unknown_sku"),
        ]
    ):
        answered, problem = estate.place(basket(**change), f"key-{key}")
        assert (answered, problem["code"]) == (status, code)
    assert not [path for service, path in estate.requests if path == "POST /reservations"]


def test_says_which_lines_lack_stock_and_how_many_are_left(estate: InProcess):
    status, problem = estate.place(
        basket(items=[{"sku": "OLJCESPC7Z", "quantity": 1000}] * 4 + [{"sku": "6E92ZMYYFZ", "quantity": 1}])
    )
    assert (status, problem["code"]) == (409, "out_of_stock")
    assert problem["lines"] == [{"sku": "OLJCESPC7Z", "requested": 4000, "available": 3000}]
    assert reserved(estate, "6E92ZMYYFZ") == 0


def test_a_changed_price_is_refused_and_the_goods_let_go(estate: InProcess):
    status, problem = estate.place(basket(expected_total={"currency": "USD", "amount": "57.50"}))
    assert (status, problem["code"]) == (409, "price_changed")
    assert problem["total"] == {"currency": "USD", "amount": "57.51"}
    assert reserved(estate) == 0


def test_the_expected_price_is_accepted(estate: InProcess):
    assert estate.place(basket(expected_total={"currency": "USD", "amount": "57.51"}))[0] == 201


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"items": []}, "items"),
        ({"items": [{"sku": "6E92ZMYYFZ", "quantity": 0}]}, "items.0.quantity"),
        ({"items": [{"sku": "6E92ZMYYFZ", "quantity": "2"}]}, "items.0.quantity"),
        ({"items": [{"sku": "6E92ZMYYFZ", "quantity": 1.5}]}, "items.0.quantity"),
        ({"currency": "usd"}, "currency"),
        ({"customer": {"email": "no-at-sign", "first_name": "A", "last_name": "B"}}, "customer.email"),
        ({"shipping_address": HOME | {"country": "Atlantis"}}, "shipping_address.country"),
        ({"shipping_address": HOME | {"planet": "Mars"}}, "shipping_address.planet"),
        ({"payment": {}}, "payment.token"),
        ({"payment": {"token": "tok_visa", "card_number": "4111111111111111"}}, "payment.card_number"),
        ({"expected_total": {"currency": "USD", "amount": "57.5"}}, "expected_total"),
        ({"gift_wrap": True}, "gift_wrap"),
    ],
)
def test_names_the_field_that_is_wrong_and_keeps_nothing(estate: InProcess, change: dict, field: str):
    status, problem = estate.place(basket(**change))
    assert (status, problem["code"]) == (422, "invalid")
    assert field in [error["field"] for error in problem["errors"]]
    assert "4111111111111111" not in str(problem)
    assert [service for service, _ in estate.requests] == ["checkout"]
    assert estate.place(basket())[0] == 201, "a validation error is not stored under the key"
