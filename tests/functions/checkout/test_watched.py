"""A customer on watch: every order is looked at by people, whatever fraud thinks of it."""

from tests.in_process import InProcess, basket

GRACE = {"by": "grace", "reason": "called the customer"}


def customer(estate: InProcess, standing: str) -> dict[str, str]:
    """Ada, a customer already, in this standing."""
    ada = {"email": "ada@example.com", "first_name": "Ada", "last_name": "Lovelace"}
    status, known = estate.post("/crm/customers/resolve", ada)
    assert status == 200
    said = {"standing": standing, "by": "carol", "reason": "two parcels said to be lost"}
    assert estate.post(f"/crm/customers/{known['customer_id']}/standing", said)[0] == 200
    return ada


def place(estate: InProcess, standing: str, token: str = "tok_visa") -> dict:
    status, order = estate.place(basket(customer=customer(estate, standing), payment={"token": token}))
    assert status == 201
    return order


def reasons(order: dict) -> list[str]:
    return [reason["code"] for reason in order["fraud"]["reasons"]]


def test_an_order_of_a_customer_on_watch_is_held_and_nothing_leaves(estate: InProcess) -> None:
    order = place(estate, "watch")
    assert (order["status"], order["fraud"]["decision"], reasons(order)) == ("held", "review", ["customer_watched"])
    assert order["fraud"]["score"] == 0, "fraud found nothing"
    estate.deliver()
    [waiting] = estate.get("/order_management/reviews")["items"]
    assert [reason["code"] for reason in waiting["reasons"]] == ["customer_watched"]
    assert estate.get(f"/warehouse/shipments?order_id={order['order_id']}")["items"] == []
    assert estate.get(f"/payment/authorizations/{order['order_id']}")["captured"]["amount"] == "0.00"


def test_people_pass_it(estate: InProcess) -> None:
    order = place(estate, "watch")
    estate.deliver()
    assert estate.post(f"/order_management/orders/{order['order_id']}/approve", GRACE)[0] == 200
    estate.deliver()
    assert estate.get(f"/order_management/orders/{order['order_id']}")["status"] == "confirmed"
    assert len(estate.get(f"/warehouse/shipments?order_id={order['order_id']}")["items"]) == 1


def test_a_late_score_does_not_pass_it(estate: InProcess) -> None:
    def dead() -> None:
        raise ConnectionError("no way to Azure")

    estate.before["fraud", "POST /api/score"] = dead
    order = place(estate, "watch")
    assert reasons(order) == ["fraud_silent", "customer_watched"]
    estate.before.clear()
    estate.deliver()
    estate.run("order_management", "rescore_silent_orders")
    held = estate.get(f"/order_management/orders/{order['order_id']}")
    assert (held["status"], held["fraud"]["decision"], reasons(held)) == ("held", "review", ["customer_watched"])


def test_authenticating_the_payment_does_not_pass_it(estate: InProcess) -> None:
    order = place(estate, "watch", "tok_3ds")
    assert order["status"] == "requires_action"
    status, confirmed = estate.post(f"/checkout/orders/{order['order_id']}/confirm", caller="gke-checkout")
    assert (status, confirmed["status"]) == (200, "held")
    assert reasons(confirmed) == ["card_country_differs", "customer_watched"]


def test_nobody_looks_at_a_customer_in_good_standing(estate: InProcess) -> None:
    order = place(estate, "good")
    assert (order["status"], reasons(order)) == ("confirmed", [])
