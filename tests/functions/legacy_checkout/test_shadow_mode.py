"""Beside the old services: their answers are the caller's, ours are compared, nothing of ours has an effect outside."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.calls.transport import Reply
from tests.functions.legacy_checkout.old_checkout import ID, Call, calls_of, named, pushed, send
from tests.functions.legacy_checkout.old_receivers import OldWorld, served
from tests.in_process import InProcess


class Beside(InProcess):
    """In shadow mode answers are the old services' own, whatever our documents say of ours."""

    checks_the_wire = False


@pytest.fixture
def old() -> OldWorld:
    return OldWorld()


@pytest.fixture
def estate(tmp_path: Path, old: OldWorld) -> Iterator[InProcess]:
    with served(old) as addresses:
        started = Beside(tmp_path, shadow=addresses)
        yield started
        started.close()


def found(estate: InProcess) -> dict[int, dict[str, Any]]:
    return {each["fault"]: each for each in estate.get("/legacy_checkout/differences")["items"]}


def seen(estate: InProcess) -> set[int]:
    return {fault for fault, each in found(estate).items() if each["count"]}


def example(estate: InProcess, fault: int) -> dict[str, Any]:
    return found(estate)[fault]["examples"][0]["example"]


def ask(estate: InProcess, method: str, path: str, body: Any = None) -> Reply:
    return send(estate, Call(method, path, body))


def run_an_order(estate: InProcess, order_id: str = ID, **change: Any) -> list[tuple[Call, Reply]]:
    """The calls, and the message twice: to us by Pub/Sub, and pushed to the old order management."""
    answers = [(call, send(estate, call)) for call in calls_of(order_id, **change)]
    (message,) = named(calls_of(order_id, **change), "")
    ask(estate, "POST", "/order_management/", pushed(message.body))
    return answers


def test_the_caller_gets_the_old_answers(estate: InProcess, old: OldWorld) -> None:
    told = run_an_order(estate)
    answers = {call.path: (reply.status, json.loads(reply.body or b"null")) for call, reply in told}
    assert answers["/kyc/check"] == (200, {"status": "APPROVED"})
    assert answers["/inventory/inventory"] == (201, {"name": "Sunglasses", "code": "OLJCESPC7Z", "count": 101})
    status, transaction = answers["/accounting/transactions"]
    assert (status, transaction["id"], transaction["price"]) == (201, 1, 28.979999999999997), "as it is today"
    assert answers["/azure/metrics"][1]["riskScore"] == 41
    assert answers["/warehouse/shipments"][1]["shipmentDetails"]["orderId"] == ID


def test_what_is_passed_on_is_what_came(estate: InProcess, old: OldWorld) -> None:
    run_an_order(estate)
    assert old.crm.customers == [{"id": 1, **named(calls_of(), "/crm/customers")[0].body}]
    (shipment,) = named(calls_of(), "/warehouse/shipments")
    assert old.warehouse.rows[0]["item"] == shipment.body["items"][0]["item"]
    assert {token for _, _, token in old.asked} == {None}


def test_nothing_of_ours_has_an_effect_outside(estate: InProcess, old: OldWorld) -> None:
    run_an_order(estate)
    estate.run("legacy_checkout", "finish_orders")
    estate.deliver()
    assert estate.get("/order_management/orders")["items"] == []
    assert estate.get(f"/payment/payments?order_id=ord_{ID}")["items"] == []
    assert estate.get("/inventory/stock/OLJCESPC7Z")["reserved"] == 0
    assert estate.get("/crm/customers?email=someone@example.com")["items"] == []
    asked = {(name, route) for name, route in estate.requests if name != "legacy_checkout" and "/events/" not in route}
    assert {route.partition(" ")[0] for _, route in asked} == {"GET"}, "what is asked of other services are questions"


def test_every_seeded_difference_is_found(estate: InProcess, old: OldWorld) -> None:
    run_an_order(estate)
    in_euros = run_an_order(estate, ID.replace("8f0c", "8f0d"), change=euros)
    assert all(reply.status < 400 for _, reply in in_euros)
    ask(estate, "GET", "/accounting/transactions")
    ask(estate, "GET", "/warehouse/warehouse")
    ask(estate, "GET", "/inventory/inventory/OLJCESPC7Z")
    ask(estate, "POST", "/order_management/", pushed({"order": {"order_id": "nested", "items": []}}))
    for _ in range(10):
        ask(estate, "POST", "/azure/metrics", {"transactionType": "checkout", "durationMs": 900, "success": True})
    ask(estate, "GET", "/azure/metrics")
    send(estate, named(calls_of(ID.replace("8f0c", "8f0e")), "/crm/customers")[0])
    estate.offset = timedelta(minutes=11)
    estate.run("legacy_checkout", "finish_orders")
    ask(estate, "POST", "/kyc/check", {"email": "unblocked@example.com", "name": "A"})

    assert seen(estate) == {*range(11)}
    assert example(estate, 1)["after"] == example(estate, 1)["before"] + 1
    assert example(estate, 5)["currencies"] == "EUR, USD"
    assert example(estate, 2)["rows"] >= 2
    assert example(estate, 4) == {"old": 200, "ours": 422}
    assert example(estate, 7) == {"durationMs": 900, "riskScore": "90"}
    assert example(estate, 8)["silent"] == "warehouse, event"
    assert example(estate, 10) == {"rows": 10, "should_be": 12}
    assert example(estate, 0) == {"old": 403, "ours": 200}


def euros(body: Any) -> Any:
    return json.loads(json.dumps(body).replace("USD", "EUR"))


def test_no_fault_is_found_where_there_is_none(estate: InProcess, old: OldWorld) -> None:
    assert ask(estate, "POST", "/kyc/check", {"email": "ada@example.com", "name": "Ada"}).status == 200
    ask(estate, "GET", "/inventory/inventory")
    ask(estate, "GET", "/partner/catalog")
    assert seen(estate) == set()


def test_no_example_tells_who_the_customer_is(estate: InProcess, old: OldWorld) -> None:
    run_an_order(estate)
    ask(estate, "GET", "/accounting/transactions")
    told = json.dumps(estate.get("/legacy_checkout/differences"))
    assert not [word for word in ("someone@", "Lovelace", "Amphitheatre") if word in told]


def test_the_backoffices_page_lists_faults_with_counts_and_examples(estate: InProcess, old: OldWorld) -> None:
    run_an_order(estate)
    page = estate.ask("operator", "GET", "/backoffice/differences", Accept="text/html").body.decode()
    assert "1. Stock counts up at each sale, and quantity is ignored" in page
    assert '<span class="badge">order management</span>' in page
    assert 'riskScore <span class="id">41</span>' in page
    assert "10. State is in memory" in page.partition("Not seen")[2], "faults that were not seen are listed, too"


def test_who_is_admitted_by_network_alone_does_not_see_the_differences(estate: InProcess) -> None:
    for path in ("/differences", "/open-orders", f"/gathered-orders/{ID}"):
        assert ask(estate, "GET", path).status == 401, path
    assert estate.ask("gke-checkout", "GET", "/legacy_checkout/differences").status == 403
    page = estate.ask("gke-checkout", "GET", "/backoffice/differences", Accept="text/html")
    assert page.status == 403


def test_what_the_old_services_were_told_of_is_theirs_after_shadow_mode_too(
    tmp_path: Path, old: OldWorld, caplog: pytest.LogCaptureFixture
) -> None:
    with served(old) as addresses:
        beside = Beside(tmp_path, shadow=addresses)
        run_an_order(beside)
        beside.close()
    alone = InProcess(tmp_path)
    try:
        assert alone.run("legacy_checkout", "finish_orders") == {"brought": 0, "reported": 0}
        for call in calls_of():
            assert send(alone, call).status < 300
        alone.offset = timedelta(minutes=11)
        assert alone.run("legacy_checkout", "finish_orders")["brought"] == 0
        alone.deliver()
        assert alone.get("/order_management/orders")["items"] == [], "the old warehouse sends it"
        assert [each["order_id"] for each in alone.get("/legacy_checkout/open-orders?state=shadowed")["items"]] == [ID]
        assert f"{ID} was told to the old services, and then by crm to us" in caplog.text
        another = ID.replace("8f0c", "8f0d")
        send(alone, named(calls_of(another), "")[0])
        assert alone.get(f"/legacy_checkout/gathered-orders/{another}")["state"] == "taken_in", "from now on"
    finally:
        alone.close()


def test_what_we_would_refuse_is_passed_on_byte_by_byte_and_noted(estate: InProcess, old: OldWorld) -> None:
    strange = {"email": " Not.An@Address ", "name": "Ada\u0007", "order": {"totalAmount": 1.50}}
    assert ask(estate, "POST", "/crm/customers", strange).status == 201
    assert old.heard[-1] == json.dumps(strange).encode()
    assert example(estate, 0) == {"old": 201, "ours": 422}
    assert old.crm.customers == [{"id": 1, **strange}]


def test_a_defect_of_ours_is_a_difference_and_no_callers_business(estate: InProcess, old: OldWorld) -> None:
    def broken() -> None:
        raise ZeroDivisionError("a defect of ours")

    estate.before["pricing", "GET /products"] = broken
    assert ask(estate, "GET", "/inventory/inventory").status == 200
    assert found(estate)[0]["count"] == 1


def test_an_old_answer_of_another_shape_is_passed_on_all_the_same(estate: InProcess, old: OldWorld) -> None:
    old.inventory.items[:] = [{"count": 7}, "odd"]
    answer = ask(estate, "GET", "/inventory/inventory")
    assert (answer.status, json.loads(answer.body)) == (200, [{"count": 7}, "odd"])
    old.accounting.rows[:] = ["odd", {"price": None}]
    assert ask(estate, "GET", "/warehouse/warehouse").status == 200


def test_a_nested_order_that_the_old_order_management_took_shows_fault_6(estate: InProcess, old: OldWorld) -> None:
    ask(estate, "POST", "/order_management/", pushed({"order": {"order_id": "nested", "items": []}}))
    assert example(estate, 6) == {"shape": "nested order"}


def test_a_customer_is_changed_by_the_old_crm_alone(estate: InProcess, old: OldWorld) -> None:
    asked = len(estate.requests)
    home = {"street_address": "1 Main St", "city": "Town", "country": "US", "zip_code": 2139}
    ask(estate, "PUT", "/crm/customers/cus_01M7VZGC00KRVQKEBZ99Y1BWWW", {"address": home})
    assert ("PUT", "/crm/customers/cus_01M7VZGC00KRVQKEBZ99Y1BWWW", None) in old.asked
    assert not [route for name, route in estate.requests[asked:] if name == "crm" and route.startswith("POST")]


def test_an_old_service_that_is_silent_is_silent_here(tmp_path: Path) -> None:
    estate = InProcess(tmp_path, shadow={"kyc": "http://127.0.0.1:9"})
    try:
        assert send(estate, Call("POST", "/kyc/check", {"email": "a@example.com"})).status == 503
        assert send(estate, Call("GET", "/inventory/inventory", None)).status == 200, "nobody shadows inventory"
    finally:
        estate.close()
