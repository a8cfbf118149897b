"""The rest of the old routes: what our services have is answered; what is a fact here can't be edited."""

import json
from typing import Any

import pytest

from tests.functions.legacy_checkout.old_checkout import ID, Call, calls_of, get, named, push, send
from tests.in_process import InProcess

HOME = {"street_address": "2 Elm St", "city": "Cambridge", "state": "MA", "country": "United States", "zip_code": 2139}


@pytest.fixture
def customer(estate: InProcess) -> dict[str, Any]:
    push(estate, named(calls_of(), "")[0].body)
    estate.deliver()
    (found,) = get(estate, "/crm/customers")
    return dict(found)


def test_a_customers_address_is_changed(estate: InProcess, customer: dict[str, Any]) -> None:
    reply = send(estate, Call("PUT", f"/crm/customers/{customer['id']}", {"name": "Grace", "address": HOME}))
    assert reply.status == 200
    changed = json.loads(reply.body)
    assert changed == {**customer, "address": "2 Elm St, Cambridge, MA, US 02139"}, "and the name stays"
    assert get(estate, "/crm/customers") == [changed]


def test_a_customer_nobody_knows_is_not_changed(estate: InProcess) -> None:
    path = "/crm/customers/cus_01M7VZGC00KRVQKEBZ99Y1BWWW"
    assert send(estate, Call("PUT", path, {"address": HOME})).status == 404


def test_an_order_told_to_the_crm_by_itself_is_kept_and_makes_no_order(estate: InProcess) -> None:
    body = {"orderId": ID, "trackingId": "AB-12345-1234567", "totalAmount": 57.96, "currency": "USD"}
    reply = send(estate, Call("POST", "/crm/orders", body))
    assert (reply.status, json.loads(reply.body)) == (201, {**body, "status": "gathering"})
    assert estate.get(f"/legacy_checkout/gathered-orders/{ID}")["told_by"] == {"crm": 1}
    assert estate.get("/order_management/orders")["items"] == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/crm/customers/cus_01M7VZGC00KRVQKEBZ99Y1BWWW"),
        ("PUT", f"/accounting/transactions/{ID}"),
        ("DELETE", f"/accounting/transactions/{ID}"),
        ("POST", "/warehouse/warehouse"),
        ("PUT", "/warehouse/warehouse/shp_1"),
        ("DELETE", "/warehouse/warehouse/shp_1"),
    ],
)
def test_facts_are_not_edited(estate: InProcess, method: str, path: str) -> None:
    assert send(estate, Call(method, path, {} if method != "DELETE" else None)).status == 405


def test_a_row_of_the_warehouse_is_found_by_its_id(estate: InProcess, customer: dict[str, Any]) -> None:
    rows = get(estate, "/warehouse/warehouse")
    assert [row["item"] for row in rows] == ["OLJCESPC7Z", "6E92ZMYYFZ"]
    assert len({row["id"] for row in rows}) == 2
    assert [get(estate, f"/warehouse/warehouse/{row['id']}") for row in rows] == rows
    shipment_id = rows[0]["id"].partition(".")[0]
    assert get(estate, f"/warehouse/warehouse/{shipment_id}") == rows[0]
    for unknown in (f"{shipment_id}.3", "17", "shp_nothing"):
        assert send(estate, Call("GET", f"/warehouse/warehouse/{unknown}", None)).status == 404


def test_a_sale_of_what_inventory_does_not_keep_is_answered_and_counted(estate: InProcess) -> None:
    reply = send(estate, Call("POST", "/inventory/inventory", {"name": "item", "code": "NOSUCHSKU1"}))
    assert (reply.status, json.loads(reply.body)) == (201, {"name": "item", "code": "NOSUCHSKU1", "count": 0})
