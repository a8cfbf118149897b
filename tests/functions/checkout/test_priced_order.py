"""The order that checkout publishes: who sells it, how it came in, at which rate, whose tax; and quotes that agree."""

import json
from typing import Any

import pytest

from tests.in_process import ADA, HOME, Crash, InProcess, basket

MUG, WATCH, ARMCHAIR = "6E92ZMYYFZ", "1YMWWN1N4O", "FURN-004"
BERLIN = {"street_address": "Unter den Linden 1", "city": "Berlin", "country": "DE", "zip_code": "10117"}
STOCKHOLM = {"street_address": "Drottninggatan 1", "city": "Stockholm", "country": "SE", "zip_code": "111 51"}
TOTALS = ("currency", "lines", "subtotal", "discount", "rounding", "shipping", "shipping_tax", "tax", "total")


def published(estate: InProcess, order_id: str) -> dict[str, Any]:
    """Return the order in its order.confirmed."""
    [data] = [
        json.loads(each.data)["data"]
        for each in estate.broker.lease(1000, estate.clock())
        if each.ordering_key == order_id and each.subscription.service == "data_warehouse"
    ]
    order: dict[str, Any] = data["order"]
    return order


def take_all(estate: InProcess, sku: str, country: str, state: str | None = None) -> None:
    """Let somebody reserve the whole stock of the warehouse that serves a destination first."""
    where = {"country": country, "zip_code": "1"} | ({"state": state} if state else {})
    body = {"order_id": f"ord_{country}", "lines": [{"sku": sku, "quantity": 1000}], "destination": where}
    assert estate.post("/inventory/reservations", body, "checkout")[0] == 201


def test_says_who_sells_and_whose_tax_each_line_bears(estate: InProcess) -> None:
    status, answer = estate.place(basket())
    assert status == 201

    order = published(estate, answer["order_id"])

    assert (order["seller"], order["channel"], order.get("exchange_rate")) == ("ob-us", "web", None)
    assert [(line["tax_code"], line["tax_treatment"], line["jurisdiction"]) for line in order["lines"]] == [
        ("standard", "us_nexus", "US-CA"),
        ("standard", "us_nexus", "US-CA"),
    ]
    [charge] = order["shipping_charges"]
    assert (charge["tax_treatment"], charge["jurisdiction"]) == ("not_taxable", "US-CA")


def test_keeps_the_rate_its_provider_and_its_day(estate: InProcess) -> None:
    _, answer = estate.place(basket(currency="EUR", shipping_address=BERLIN))

    order = published(estate, answer["order_id"])

    assert order["seller"] == "ob-eu"
    assert order["exchange_rate"] == {
        "base": "USD",
        "rate": "0.8845643521",
        "provider": "Online Boutique currency table (European Central Bank reference rates, per 1 EUR)",
        "date": "2019-03-06",
    }
    assert {(line["tax_treatment"], line["jurisdiction"]) for line in order["lines"]} == {("oss", "DE")}


def test_an_order_taken_at_the_desk_says_so(estate: InProcess) -> None:
    status, answer = estate.post("/checkout/orders", basket(), "operator", **{"Idempotency-Key": "desk-1"})
    assert status == 201

    assert published(estate, answer["order_id"])["channel"] == "desk"


def test_a_resumed_order_is_what_it_was_taken_for(estate: InProcess) -> None:
    def die() -> None:
        raise Crash

    estate.before["pricing", "POST /prices"] = die
    with pytest.raises(Crash):
        estate.place(basket())
    estate.restart()
    assert estate.run("checkout", "resume_orders") == {"resumed": 1}

    _, answer = estate.place(basket())

    assert published(estate, answer["order_id"])["channel"] == "web"


def test_lines_are_taxed_by_the_warehouse_that_holds_them(estate: InProcess) -> None:
    take_all(estate, MUG, "DE")
    items = [{"sku": MUG, "quantity": 1}, {"sku": ARMCHAIR, "quantity": 1}]

    _, answer = estate.place(basket(items=items, shipping_address=BERLIN))

    order = published(estate, answer["order_id"])
    assert [(line["sku"], line["tax_treatment"]) for line in order["lines"]] == [(MUG, "import"), (ARMCHAIR, "oss")]


PLACES: list[dict[str, Any]] = [
    {"shipping_address": HOME},
    {"shipping_address": HOME | {"state": "NJ"}},
    {"shipping_address": HOME | {"state": "OR"}},
    {"shipping_address": BERLIN, "currency": "EUR"},
    {"shipping_address": BERLIN, "customer": ADA | {"vat_id": "DE136695976"}},
    {"shipping_address": BERLIN, "customer": ADA | {"vat_id": "NL000099998B57"}},
    {"shipping_address": STOCKHOLM, "currency": "SEK"},
    {"shipping_address": BERLIN | {"country": "GB"}, "currency": "GBP"},
    {"shipping_address": BERLIN | {"country": "NO"}, "currency": "NOK"},
]


def test_a_quote_has_the_orders_totals_wherever_the_goods_lie(estate: InProcess) -> None:
    bodies = [basket(items=[{"sku": MUG, "quantity": 3}, {"sku": WATCH, "quantity": 1}], **place) for place in PLACES]
    quotes = [_quoted(estate, body) for body in bodies]
    take_all(estate, MUG, "DE")
    take_all(estate, WATCH, "US", "CA")

    for number, (body, quote) in enumerate(zip(bodies, quotes, strict=True)):
        assert _quoted(estate, body) == quote
        status, order = estate.place(body, f"key-{number}")
        assert status == 201
        assert {name: order[name] for name in TOTALS} == quote


def _quoted(estate: InProcess, body: dict[str, Any]) -> Any:
    status, quote = estate.post("/checkout/quotes", {k: v for k, v in body.items() if k != "payment"}, "gke-checkout")
    assert status == 200, quote
    return quote


def test_a_swede_pays_the_listed_price(estate: InProcess) -> None:
    _, order = estate.place(basket(currency="SEK", shipping_address=STOCKHOLM, items=[{"sku": MUG, "quantity": 40}]))

    [line] = order["lines"]
    assert line["total"] == {"currency": "SEK", "amount": "4199.60"}  # 40 x 104.99
    assert line["rounding"] == {"currency": "SEK", "amount": "0.08"}
    estate.deliver()
    [shipment] = estate.get(f"/warehouse/shipments?order_id={order['order_id']}")["items"]
    assert shipment["status"] == "planned"


def test_reserves_nothing_for_a_vat_id_that_cannot_be_right(estate: InProcess) -> None:
    body = basket(shipping_address=BERLIN, customer=ADA | {"vat_id": "DE136695977"})

    for asked in (lambda: estate.place(body), lambda: _refused_quote(estate, body)):
        status, problem = asked()
        assert (status, problem["code"]) == (422, "invalid")
        assert [error["field"] for error in problem["errors"]] == ["customer.vat_id"]
    assert estate.get(f"/inventory/stock/{MUG}")["reserved"] == 0


def _refused_quote(estate: InProcess, body: dict[str, Any]) -> tuple[int, Any]:
    return estate.post("/checkout/quotes", {k: v for k, v in body.items() if k != "payment"}, "gke-checkout")


@pytest.mark.parametrize("currency", ["HRK", "BGN", "RUB"])
def test_takes_no_new_order_in_a_currency_that_is_gone(estate: InProcess, currency: str) -> None:
    status, problem = estate.place(basket(currency=currency))

    assert (status, problem["code"]) == (422, "currency_not_accepted")
    assert estate.get(f"/inventory/stock/{MUG}")["reserved"] == 0
