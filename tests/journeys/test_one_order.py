"""One order from the answer to the customer's door, as every service sees it."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import requests

from shared.values.clock import rfc3339, utc_now
from tests.estate import RunningEstate
from tests.journeys.baskets import BERLIN, MUG, SOFA, SUNGLASSES, TOKYO, basket, new_email
from tests.journeys.books import assert_books_agree
from tests.journeys.shopping import Purchase, amount, place, refusal, stock

pytestmark = pytest.mark.estate


def test_a_plain_order_is_reserved_packed_dispatched_invoiced_paid_and_delivered(estate: RunningEstate) -> None:
    sunglasses, mugs = stock(estate, SUNGLASSES), stock(estate, MUG)
    email = new_email()

    order = place(estate, basket((SUNGLASSES, 2), (MUG, 1), email=email))

    assert (order.answer["status"], order.answer["fraud"]["decision"]) == ("confirmed", "approve")
    assert order.answer["payment"] == {"next_action": None}
    told = {name: order.answer[name]["amount"] for name in ("subtotal", "shipping", "tax", "total")}
    assert told == {"subtotal": "48.97", "shipping": "4.99", "tax": "3.55", "total": "57.51"}
    assert estate.get(f"/checkout/orders/{order.id}") == order.answer
    assert stock(estate, SUNGLASSES) == (sunglasses[0], sunglasses[1] + 2)
    estate.settle()
    assert (order.status, order.history) == ("confirmed", ["order.confirmed", "shipment.planned"])
    assert order.reservation() == "firm"
    assert order.payments == [("authorization", "authorized", "57.51")]
    [draft] = order.invoices
    assert (draft["status"], draft.get("number"), draft["total"]["amount"]) == ("draft", None, "57.51")
    assert order.entries == []
    [shipment] = order.shipments
    assert shipment["status"] == "planned"
    assert order.mails == [("order.confirmed", "sent")]

    order.dispatch(shipment)
    estate.settle()

    assert order.status == "dispatched"
    assert order.payments[1:] == [("capture", "captured", "57.51")]
    [invoice] = order.invoices
    assert (invoice["status"], invoice["shipment_id"]) == ("issued", shipment["shipment_id"])
    assert re.fullmatch(r"ob-us-2\d{3}-\d{6}", invoice["number"])
    assert invoice["total"]["amount"] == "57.51"
    assert stock(estate, SUNGLASSES) == (sunglasses[0] - 2, sunglasses[1])
    assert stock(estate, MUG) == (mugs[0] - 1, mugs[1])
    assert order.reservation() == "committed"
    assert order.credited("revenue_goods") == Decimal(0)

    order.deliver(shipment)
    estate.settle()

    assert order.status == "delivered"
    assert order.history[:3] == ["order.confirmed", "shipment.planned", "shipment.dispatched"]
    assert sorted(order.history[3:]) == ["payment.captured", "shipment.delivered"]
    assert order.mails == [("order.confirmed", "sent"), ("shipment.dispatched", "sent")]
    assert (order.credited("revenue_goods"), order.credited("revenue_shipping")) == (Decimal("48.97"), Decimal("4.99"))
    assert order.credited("output_tax") + order.credited("sales_tax:US-CA") == Decimal("3.55")
    [customer] = estate.items(f"/crm/customers?email={email}")
    assert customer["customer_id"] == order.life["customer_id"]
    assert_books_agree(estate)


def test_furniture_books_a_slot_and_leaves_in_a_shipment_of_its_own(estate: RunningEstate) -> None:
    sofas = stock(estate, SOFA, "furniture")
    slot = estate.items("/furniture/slots?zip_code=94043&country=US")[5]
    wish = {"service_level": "room_of_choice", "slot_id": slot["slot_id"]}

    order = place(estate, basket((SOFA, 1), (MUG, 1), delivery=wish))
    estate.settle()

    assert (order.reservation(), order.reservation("furniture")) == ("firm", "firm")
    delivery = estate.get(f"/furniture/reservations/{order.id}")["delivery"]
    assert delivery == {**wish, "date": slot["date"], "window": slot["window"]}
    assert free(estate, slot["slot_id"]) == slot["free"] - 1
    freight, parcel = sorted(order.shipments, key=lambda shipment: str(shipment["fulfilment"]))
    assert (freight["fulfilment"], parcel["fulfilment"]) == ("freight", "parcel")
    assert freight["delivery"].items() <= delivery.items()
    assert freight["delivery"]["slot_id"] == slot["slot_id"]
    assert [line["sku"] for line in freight["lines"]] == [SOFA]

    order.dispatch(parcel)
    estate.settle()

    assert order.status == "partially_dispatched"
    first, rest = sorted(order.invoices, key=lambda invoice: str(invoice["status"]), reverse=True)
    assert (first["status"], rest["status"]) == ("issued", "draft")
    total = amount(order.answer["total"])
    assert amount(first["total"]) + amount(rest["total"]) == total
    assert [kind for kind, status, _ in order.payments if status in ("captured", "voided")] == ["capture"]

    order.dispatch(freight)
    order.deliver(freight)
    order.deliver(parcel)
    estate.settle()

    assert order.status == "delivered"
    assert [invoice["status"] for invoice in order.invoices] == ["issued", "issued"]
    assert sum(amount(invoice["total"]) for invoice in order.invoices) == total
    assert len({invoice["number"] for invoice in order.invoices}) == 2
    captured = [(kind, status, Decimal(taken)) for kind, status, taken in order.payments[1:]]
    assert [(kind, status) for kind, status, _ in captured] == [("capture", "captured")] * 2
    assert sum(taken for _, _, taken in captured) == total
    assert stock(estate, SOFA, "furniture") == (sofas[0] - 1, sofas[1])
    assert_books_agree(estate)


def free(estate: RunningEstate, slot_id: str) -> int:
    slots = estate.items("/furniture/slots?zip_code=94043&country=US")
    return int(next(slot["free"] for slot in slots if slot["slot_id"] == slot_id))


def test_furniture_without_a_wish_goes_kerbside_in_the_first_free_slot(estate: RunningEstate) -> None:
    first = next(slot for slot in estate.items("/furniture/slots?zip_code=94043&country=US") if slot["free"])

    order = place(estate, basket((SOFA, 1)))

    delivery = estate.get(f"/furniture/reservations/{order.id}")["delivery"]
    assert (delivery["service_level"], delivery["slot_id"]) == ("kerbside", first["slot_id"])
    estate.settle()


def test_a_held_order_ships_nothing_until_it_is_approved(estate: RunningEstate) -> None:
    mugs = stock(estate, MUG)

    order = place(estate, basket((MUG, 3), email=new_email("review.test")))
    estate.settle()

    assert (order.answer["status"], order.answer["fraud"]["decision"]) == ("held", "review")
    assert (order.status, order.history) == ("held", ["order.held"])
    assert (order.shipments, order.invoices, order.entries) == ([], [], [])
    assert [payment[:2] for payment in order.payments] == [("authorization", "authorized")]
    assert order.reservation() == "firm"
    assert stock(estate, MUG) == (mugs[0], mugs[1] + 3)
    assert order.mails == [("order.held", "sent")]

    order.decide("approve")
    order.decide("approve")
    estate.settle()

    assert (order.status, order.history) == ("confirmed", ["order.held", "order.approved", "shipment.planned"])
    [shipment], [draft] = order.shipments, order.invoices
    assert (draft["status"], draft["total"]) == ("draft", order.answer["total"])
    order.dispatch(shipment)
    order.deliver(shipment)
    estate.settle()
    assert order.status == "delivered"
    assert order.payments[1:] == [("capture", "captured", order.answer["total"]["amount"])]
    assert stock(estate, MUG) == (mugs[0] - 3, mugs[1])
    answer = estate.ask("POST", f"/order_management/orders/{order.id}/reject", {"by": "journey", "reason": "late"})
    assert refusal(answer) == (409, "illegal_transition")
    assert_books_agree(estate)


def test_a_rejected_order_gives_back_stock_slot_and_money(estate: RunningEstate) -> None:
    mugs, sofas = stock(estate, MUG), stock(estate, SOFA, "furniture")
    order = place(estate, basket((MUG, 2), (SOFA, 1), email=new_email("review.test")))
    slot_id = estate.get(f"/furniture/reservations/{order.id}")["delivery"]["slot_id"]
    left = free(estate, slot_id)
    estate.settle()

    order.decide("reject")
    estate.settle()

    assert (order.status, order.history[:2]) == ("rejected", ["order.held", "order.rejected"])
    assert (order.reservation(), order.reservation("furniture")) == ("released", "released")
    assert (stock(estate, MUG), stock(estate, SOFA, "furniture")) == (mugs, sofas)
    assert free(estate, slot_id) == left + 1
    total = order.answer["total"]["amount"]
    assert order.payments[-1] == ("void", "voided", total)
    assert not [payment for payment in order.payments if payment[0] == "capture"]
    assert (order.shipments, order.invoices, order.entries) == ([], [], [])
    assert order.mails == [("order.held", "sent"), ("order.rejected", "sent")]
    assert_books_agree(estate)


def test_a_card_that_asks_for_3d_secure_is_finished_by_its_customer(estate: RunningEstate) -> None:
    mugs = stock(estate, MUG)

    order = place(estate, basket((MUG, 1), token="tok_3ds"))
    estate.settle()

    assert order.answer["status"] == "requires_action"
    action = order.answer["payment"]["next_action"]
    assert (action["type"], action["url"].startswith("https://")) == ("redirect", True)
    assert (order.status, order.history) == ("requires_action", ["order.action_required"])
    assert (order.reservation(), order.shipments, order.invoices) == ("pending", [], [])

    confirmed = [confirm(order), confirm(order)]
    estate.settle()

    assert [answer.status_code for answer in confirmed] == [200, 200]
    assert (
        confirmed[0].json()
        == confirmed[1].json()
        == {**order.answer, "status": "confirmed", "payment": {"next_action": None}}
    )
    assert estate.get(f"/checkout/orders/{order.id}") == confirmed[0].json()
    assert order.status == "confirmed"
    assert order.history == ["order.action_required", "order.confirmed", "shipment.planned"]
    assert (order.reservation(), stock(estate, MUG)) == ("firm", (mugs[0], mugs[1] + 1))
    [shipment] = order.shipments
    order.dispatch(shipment)
    order.deliver(shipment)
    estate.settle()
    assert order.payments[1:] == [("capture", "captured", order.answer["total"]["amount"])]
    assert_books_agree(estate)


def confirm(order: Purchase) -> requests.Response:
    return order.estate.ask("POST", f"/checkout/orders/{order.id}/confirm", {}, caller="gke-checkout")


def test_a_payment_that_nobody_authenticates_is_undone_when_its_reservation_expires(estate: RunningEstate) -> None:
    mugs = stock(estate, MUG)
    order = place(estate, basket((MUG, 1), token="tok_3ds"))
    in_half_an_hour = rfc3339(utc_now() + timedelta(minutes=30))

    for service, function in (("inventory", "expire_reservations"), ("checkout", "resume_orders")):
        estate.post(f"/-/schedules/{service}/{function}", {"now": in_half_an_hour})
    estate.settle()

    assert stock(estate, MUG) == mugs
    assert refusal(confirm(order)) == (409, "illegal_transition")
    assert refusal(estate.ask("GET", f"/checkout/orders/{order.id}")) == (404, "not_found")
    assert order.history == ["order.action_required", "order.refused"]
    assert (order.shipments, order.invoices) == ([], [])
    assert not [payment for payment in order.payments if payment[0] == "capture"]
    assert_books_agree(estate)


@pytest.mark.parametrize(("currency", "to"), [("EUR", BERLIN), ("JPY", TOKYO), ("KWD", BERLIN)])
def test_an_order_in_another_currency_keeps_it_to_the_end(estate: RunningEstate, currency: str, to: Any) -> None:
    order = place(estate, basket((MUG, 2), (SUNGLASSES, 1), currency=currency, to=to))
    estate.settle()
    for shipment in order.shipments:
        order.dispatch(shipment)
        order.deliver(shipment)
    estate.settle()

    total = order.answer["total"]
    assert len(total["amount"].partition(".")[2]) == {"EUR": 2, "JPY": 0, "KWD": 3}[currency]
    assert sum(amount(invoice["total"], currency) for invoice in order.invoices) == amount(total, currency)
    assert sum(Decimal(taken) for kind, _, taken in order.payments if kind == "capture") == amount(total, currency)
    assert (order.status, order.life["total"]) == ("delivered", total)
    assert_books_agree(estate)
