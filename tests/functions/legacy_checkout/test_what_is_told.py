"""What the bodies tell, and what becomes of an order that is not like the others."""

import json
from datetime import timedelta
from typing import Any

import pytest

from functions.legacy_checkout.charged import charged, currency_of
from functions.legacy_checkout.gathered import postal
from functions.legacy_checkout.spoken import GoogleMoney, OldAddress, SoldItem
from shared.errors import CurrencyNotAccepted
from tests.functions.legacy_checkout.old_checkout import ID, Call, calls_of, get, named, push, send
from tests.in_process import InProcess

OURS = f"ord_{ID}"


def sold(quantity: int, units: int, nanos: int, currency: str = "USD") -> SoldItem:
    cost = {"currency_code": currency, "units": units, "nanos": nanos}
    return SoldItem.model_validate({"item": {"product_id": "OLJCESPC7Z", "quantity": quantity}, "cost": cost})


def amounts(items: list[SoldItem], shipping: GoogleMoney) -> list[str]:
    lines, carriage = charged(items, shipping)
    return [each.amount for each in (*lines, carriage)]


def message(**changes: Any) -> dict[str, Any]:
    (recorded,) = named(calls_of(), "")
    return {**recorded.body, **changes}


def replaced(text: str, by: str) -> Any:
    return lambda body: json.loads(json.dumps(body).replace(text, by))


def test_cost_is_the_price_of_one_piece() -> None:
    shipping = GoogleMoney(currency_code="USD", units=8, nanos=990_000_000)
    assert amounts([sold(2, 19, 990_000_000), sold(1, 8, 990_000_000)], shipping) == ["39.98", "8.99", "8.99"]


def test_the_total_is_rounded_once_and_every_cent_has_an_owner() -> None:
    # 3 x 17.683333333 + 4.444444444 = 57.494444443 -> 57.49: 53.049999999 and 4.444444444 by largest remainder
    shipping = GoogleMoney(currency_code="EUR", units=4, nanos=444_444_444)
    assert amounts([sold(3, 17, 683_333_333, "EUR")], shipping) == ["53.05", "4.44"]
    yen = GoogleMoney(currency_code="JPY", units=949, nanos=500_000_000)
    assert amounts([sold(1, 2235, 200_000_000, "JPY")], yen) == ["2235", "950"]


@pytest.mark.parametrize(
    ("currency", "paid"),
    [("HRK", "9.99"), ("BGN", "38.47")],  # 75.25 / 7.53450 = 9.98739; 75.25 / 1.95583 = 38.47471
)
def test_what_the_euro_replaced_is_kept_in_euros(currency: str, paid: str) -> None:
    assert currency_of(currency) == "EUR"
    lines, carriage = charged([sold(1, 75, 250_000_000, currency)], GoogleMoney(currency_code=currency))
    assert (lines[0].currency, lines[0].amount, carriage.amount) == ("EUR", paid, "0.00")


def test_roubles_have_no_rate() -> None:
    with pytest.raises(CurrencyNotAccepted):
        currency_of("RUB")


@pytest.mark.parametrize(
    ("country", "code", "written"),
    [
        ("United States", 2139, "02139"),
        ("US", 94043, "94043"),
        ("Germany", 1067, "01067"),
        ("Norway", 150, "150"),
    ],
)
def test_postal_codes_get_their_zeros_back(country: str, code: int, written: str) -> None:
    address = OldAddress(street_address="1 Main St", city="Town", country=country, zip_code=code)
    assert postal(address)["zip_code"] == written


def test_the_name_is_read_out_of_the_user_id(estate: InProcess) -> None:
    push(estate, message(user_id="Grace~~Hopper~~77"))
    (customer,) = estate.get("/crm/customers?email=someone@example.com")["items"]
    assert (customer["first_name"], customer["last_name"]) == ("Grace", "Hopper")


def test_an_order_of_kuna_is_in_euros_to_the_cent(estate: InProcess) -> None:
    for call in calls_of(change=replaced('"USD"', '"HRK"')):
        assert send(estate, call).status < 300
    estate.deliver()
    # 57.96 / 7.53450 = 7.692615 -> 7.69
    assert estate.get(f"/order_management/orders/{OURS}")["total"] == {"currency": "EUR", "amount": "7.69"}


def test_an_order_of_roubles_is_refused_and_listed_for_a_person(estate: InProcess) -> None:
    push(estate, message() | json.loads(json.dumps(message()).replace('"USD"', '"RUB"')))
    (refused,) = estate.get("/legacy_checkout/open-orders?state=refused")["items"]
    assert (refused["order_id"], refused["code"]) == (ID, "currency_not_accepted")
    assert estate.get("/order_management/orders")["items"] == []


def test_what_nobody_sells_is_refused_and_nothing_was_begun(estate: InProcess) -> None:
    push(estate, json.loads(json.dumps(message()).replace("6E92ZMYYFZ", "NOSUCHSKU1")))
    (refused,) = estate.get("/legacy_checkout/open-orders?state=refused")["items"]
    assert refused["code"] == "unknown_sku"
    assert estate.get("/inventory/stock/OLJCESPC7Z")["reserved"] == 0
    assert estate.get("/crm/customers?email=someone@example.com")["items"] == []


def test_beyond_stock_it_is_backordered_and_confirmed_once_goods_are_there(
    estate: InProcess, caplog: pytest.LogCaptureFixture
) -> None:
    whole = message()
    whole["items"][0]["item"]["quantity"] = 3001
    push(estate, whole)
    estate.deliver()
    order = estate.get(f"/order_management/orders/{OURS}")
    assert (order["status"], order["payments"]["captured"]["amount"]) == ("backordered", order["total"]["amount"])
    level = estate.get("/inventory/stock/OLJCESPC7Z")
    assert (level["on_hand"], level["reserved"], level["available"]) == (3000, 0, 3000), "never below zero"
    assert f"{OURS} is beyond stock: OLJCESPC7Z" in caplog.text
    (waits,) = estate.get("/legacy_checkout/open-orders?state=backordered")["items"]
    assert waits["detail"] == "OLJCESPC7Z: 3000 of 3001"
    assert estate.get(f"/warehouse/shipments?order_id={OURS}")["items"] == []

    push(estate, whole, "again")
    estate.run("legacy_checkout", "finish_orders")
    estate.deliver()
    assert estate.get(f"/order_management/orders/{OURS}")["status"] == "backordered"

    came = {"sku": "OLJCESPC7Z", "location": "reno-us", "quantity": 1}
    estate.post("/inventory/receipts", {**came, "unit_cost": {"currency": "USD", "amount": "7.20"}})
    assert estate.run("legacy_checkout", "finish_orders")["brought"] == 1
    estate.deliver()
    order = estate.get(f"/order_management/orders/{OURS}")
    assert order["status"] == "confirmed"
    types = [fact["type"] for fact in order["history"]]
    assert (types[:3], types.count("payment.prepaid")) == (
        ["order.backordered", "order.confirmed", "payment.prepaid"],
        1,
    )
    assert estate.get("/inventory/stock/OLJCESPC7Z")["available"] == 0


def test_bodies_that_contradict_each_other_are_noted_and_the_first_counts(estate: InProcess) -> None:
    send(estate, named(calls_of(), "/accounting/transactions")[0])
    (shipment,) = named(calls_of(), "/warehouse/shipments")
    shipment.body["items"][0]["item"]["quantity"] = 5
    send(estate, shipment)
    (customer,) = named(calls_of(), "/crm/customers")
    customer.body["order"]["totalAmount"] = 60.0
    send(estate, customer)
    heard = estate.get(f"/legacy_checkout/gathered-orders/{ID}")
    assert (heard["state"], heard["total"]["amount"]) == ("taken_in", "57.96")
    assert "warehouse says otherwise: items" in heard["conflicts"]


def test_a_total_that_the_items_do_not_come_to_is_noted(estate: InProcess) -> None:
    (customer,) = named(calls_of(), "/crm/customers")
    customer.body["order"]["totalAmount"] = 60.0
    send(estate, customer)
    push(estate, message())
    heard = estate.get(f"/legacy_checkout/gathered-orders/{ID}")
    assert heard["conflicts"] == ["crm says otherwise: total"]


def test_bad_bodies_are_answered_and_never_500(estate: InProcess) -> None:
    for path in ("/kyc/check", "/inventory/inventory", "/crm/customers", "/accounting/transactions"):
        assert send(estate, Call("POST", path, {"orderId": "../x", "code": 7})).status in (400, 422)
    negative = named(calls_of(), "/warehouse/shipments")[0]
    negative.body["items"][0]["item"]["quantity"] = -1
    assert send(estate, negative).status == 422
    for nobody in ({}, {"email": None}, {"email": ""}, {"email": "nobody"}):
        assert send(estate, Call("POST", "/kyc/check", {"name": "A", **nobody})).status == 400
    assert send(estate, Call("DELETE", "/accounting/transactions/1", None)).status == 405
    assert send(estate, Call("GET", "/nowhere/health", None)).status == 422


def test_a_partners_sighting_is_a_scan_of_what_left(estate: InProcess) -> None:
    push(estate, message())
    estate.deliver()
    (shipment,) = estate.get(f"/warehouse/shipments?order_id={OURS}")["items"]
    estate.post(f"/warehouse/shipments/{shipment['shipment_id']}/dispatch")
    estate.deliver()
    arrived = {"trackingId": "AB-12345-1234567", "status": "Delivered", "location": "Mountain View"}
    answer = send(estate, Call("POST", "/partner/tracking", arrived))
    assert (answer.status, json.loads(answer.body)["shipments"]) == (200, 1)
    estate.deliver()
    assert estate.get(f"/order_management/orders/{OURS}")["status"] == "delivered"
    unknown = {"trackingId": "ZZ-00000-0000000", "status": "delivered"}
    assert send(estate, Call("POST", "/partner/tracking", unknown)).status == 404


def test_old_dashboards_go_on(estate: InProcess) -> None:
    push(estate, message())
    estate.deliver()
    assert get(estate, "/crm/stats") == {
        "customers": get(estate, "/crm/stats")["customers"],
        "orders": 1,
        "revenue": 57.96,
        "byCurrency": [{"currency": "USD", "amount": 57.96}],
    }
    assert [(each["name"], each["surname"]) for each in get(estate, "/crm/customers")] == [("Ada", "Lovelace")]
    assert get(estate, "/crm/orders") == [
        {
            "orderId": ID,
            "trackingId": "AB-12345-1234567",
            "totalAmount": 57.96,
            "currency": "USD",
            "status": "confirmed",
        }
    ]
    assert get(estate, "/accounting/transactions")["crmIntegration"] == {"connected": True}
    (listed,) = get(estate, "/accounting/transactions")["transactions"]
    assert (listed["price"], listed["customer"]) == (57.96, "someone@example.com")
    assert get(estate, f"/accounting/transactions/{ID}") == listed
    catalogue = get(estate, "/partner/catalog")
    assert catalogue[0] == {"id": "OLJCESPC7Z", "name": "Sunglasses", "price": 19.99, "stock": 2998}
    assert get(estate, "/kyc/health") == {"status": "ok"}


def test_what_checkout_cannot_take_now_is_brought_by_the_sweep(estate: InProcess) -> None:
    push(estate, message())
    later = timedelta(minutes=1)
    estate.offset = later
    assert estate.run("legacy_checkout", "finish_orders") == {"brought": 0, "reported": 0}
    assert estate.get(f"/legacy_checkout/gathered-orders/{ID}")["state"] == "taken_in"
