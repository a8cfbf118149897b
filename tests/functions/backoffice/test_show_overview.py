"""The overview: what waits, what failed, what is new, and the books."""

from collections.abc import Sequence
from typing import Any

from requests_mock import Mocker

from functions.backoffice.deliveries import DeadLetter
from functions.backoffice.estate_operations import EstateOperations
from functions.backoffice.operations import Operations
from functions.backoffice.show_overview import show_overview
from shared.errors import CallFailed
from shared.settings import Settings
from tests.functions.backoffice.answers import AT, NOTHING, ORDER_ID, USD, held, items, order
from tests.scripted_calls import ScriptedCalls

ESTATE = "http://127.0.0.1:8080"
LETTER = {
    "id": "1795184249173109",
    "subscription": "warehouse.plan_shipments.order-events",
    "topic": "order-events",
    "event_id": "evt_1",
    "event_type": "order.confirmed",
    "error_code": "undeliverable",
    "error_detail": "not a CloudEvent: id: is required",
    "published_at": AT,
    "attempts": 1,
    "data": {"subject": ORDER_ID},
    "attributes": {},
}


OWED = {"order_id": ORDER_ID, "cause": "cancelled", "amount": USD, "why": "taken_elsewhere", "since": AT}
ROUBLES = {"currency": "RUB", "amount": "5796.00"}


def old(order_id: str, state: str, **changes: Any) -> dict[str, Any]:
    return {"order_id": order_id, "state": state, "heard_at": AT, "overdue": False, "paid": ROUBLES, **changes}


OLD = {
    "refused": [old("8f01", "refused", code="currency_not_accepted", detail="RUB is not kept here")],
    "gathering": [
        old("8f02", "gathering", overdue=True, paid=None, missing=["address"], silent=["warehouse", "event"]),
        old("8f03", "gathering", missing=["address"]),
    ],
    "backordered": [old("8f04", "backordered", detail="OLJCESPC7Z: 3000 of 3001")],
}


def calls() -> ScriptedCalls:
    review = {"order_id": ORDER_ID, "score": 50, "reasons": held()["fraud"]["reasons"], "total": USD, "placed_at": AT}
    account = {"account": "receivables", "currency": "USD", "entity": "ob-us", "debit": USD, "credit": NOTHING}
    low = {"sku": "OLJCESPC7Z", "available": 3, "threshold": 20, "since": AT}
    script = {
        ("GET", "/order_management/reviews"): items(review | {"overdue_at": AT, "customer_id": "cus_1"}),
        ("GET", "/order_management/orders"): items(order()) | {"next_cursor": "next/page"},
        ("GET", "/inventory/low-stock"): items(low),
        ("GET", "/furniture/low-stock"): items(),
        ("GET", "/payment/owed-back"): items(OWED),
        ("GET", "/legacy_checkout/open-orders"): lambda asked: items(*OLD[asked["state"]]),
        ("GET", "/accounting/trial-balance"): {"accounts": [account | {"balance": USD}], "balanced": True},
    }
    return ScriptedCalls(script)


def estate() -> Operations:
    return EstateOperations(Settings(estate=ESTATE))


class Unable(Operations):
    """As in the cloud, or where the estate is gone."""

    def effects(self, order_id: str) -> None:
        return None

    def dead_letters(self) -> Sequence[DeadLetter]:
        return ()

    def replay(self, letter_ids: Sequence[str]) -> int:
        return 0


def test_lists_what_waits_what_failed_what_is_new_and_the_books(requests_mock: Mocker):
    requests_mock.get(f"{ESTATE}/-/dead-letters", json={"items": [LETTER]})
    page = show_overview(calls(), estate()).to_html()
    for told in (
        f'href="orders/{ORDER_ID}"',
        "five cards",
        "undeliverable",
        'action="dead-letters/1795184249173109/replay"',
        "warehouse plan shipments",
        "OLJCESPC7Z",
        "balanced",
        "?cursor=next/page",
    ):
        assert told in page


def test_says_so_if_nothing_waits(requests_mock: Mocker):
    requests_mock.get(f"{ESTATE}/-/dead-letters", json={"items": []})
    nothing = {("GET", "/order_management/reviews"): items(), ("GET", "/inventory/low-stock"): items()}
    nothing[("GET", "/order_management/orders")] = items()
    page = show_overview(ScriptedCalls(calls().script | nothing), estate()).to_html()
    for told in ("every order is decided", "Nothing runs low", "No order yet", "None."):
        assert told in page
    assert "<form" not in page


def test_is_shown_while_the_estates_own_routes_are_silent(requests_mock: Mocker):
    requests_mock.get(f"{ESTATE}/-/dead-letters", status_code=503)
    found = show_overview(calls(), estate())
    assert found.dead_letters is None
    assert "The platform does not tell" in found.to_html()


def test_goes_on_in_the_list_of_orders_by_cursor():
    asked = calls()
    show_overview(asked, Unable(), cursor="next/page", limit=5)
    assert ("GET", "/order_management/orders", {"limit": 5, "cursor": "next/page"}) in asked.made


def test_tells_which_orders_of_the_old_checkout_wait_for_a_person_or_for_goods_and_what_they_cost():
    page = show_overview(calls(), Unable()).to_html()
    for told in (
        "currency not accepted",
        "RUB is not kept here",
        "5796.00 RUB",
        "lacks address; nothing came from warehouse, event",
        "waits for goods: OLJCESPC7Z: 3000 of 3001",
        'href="orders/ord_8f04"',
    ):
        assert told in page
    assert "8f03" not in page, "it may still be told"
    assert "ord_8f01" not in page, "it is no order of ours"


def test_tells_what_is_owed_to_customers():
    page = show_overview(calls(), Unable()).to_html()
    assert "Owed to customers, by hand" in page
    assert "taken elsewhere" in page


def test_is_shown_once_nobody_takes_the_old_checkouts_calls_any_more():
    asked = calls()
    asked.script["GET", "/legacy_checkout/open-orders"] = CallFailed("no such service")
    found = show_overview(asked, Unable())
    assert found.old_orders is None
    assert "old checkout that are none of ours" not in found.to_html()
