"""Shippo's wire: what is sent and what is read, by literal payloads as documented at docs.goshippo.com."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from requests_mock import Mocker

from functions.warehouse.boxes import boxes
from functions.warehouse.carrier import (
    Booked,
    Carrier,
    CarrierRefused,
    CarrierUnavailable,
    Consignment,
    Package,
    Rate,
    Sighting,
)
from functions.warehouse.docks import dock
from functions.warehouse.shippo import Shippo
from shared.settings import Settings, read_settings
from shared.values.money import Money
from tests.functions.order_management.stories import HOME, START

API = "https://api.goshippo.com"
TOKEN = "shippo_test_0123456789abcdef"
MUG = Consignment(
    reference="shp_01JD-1",
    fulfilment="parcel",
    sender=dock("reno-us"),
    recipient_name="Ada Lovelace",
    recipient=HOME,
    packages=(Package(boxes()[0].inner_mm, 450),),
)
RATES = """
{"object_id": "5e40ead7cffe4cc1ad45108696162e42", "status": "SUCCESS", "messages": [],
 "rates": [
  {"object_id": "545ab0a1a6ea4c9f9adb2512a57d6d8b", "amount": "9.70", "currency": "USD", "provider": "UPS",
   "servicelevel": {"name": "Ground", "token": "ups_ground"}, "estimated_days": 3, "attributes": []},
  {"object_id": "ec9f0d3adc9441449c85d315f0997fd5", "amount": "5.50", "currency": "USD", "provider": "USPS",
   "servicelevel": {"name": "Priority Mail", "token": "usps_priority"}, "estimated_days": 2,
   "attributes": ["BESTVALUE", "CHEAPEST"]}]}
"""
RATE = "ec9f0d3adc9441449c85d315f0997fd5"
BOUGHT = """
{"object_id": "915d94940ea54c3a80cbfa328722f5a1", "object_state": "VALID", "status": "SUCCESS",
 "rate": {"object_id": "ec9f0d3adc9441449c85d315f0997fd5", "amount": "5.50", "currency": "USD", "provider": "USPS",
          "servicelevel_name": "Priority Mail", "servicelevel_token": "usps_priority"},
 "tracking_number": "9499907123456123456781", "tracking_status": "UNKNOWN", "eta": "",
 "label_url": "https://shippo-delivery.s3.amazonaws.com/70ae8117ee1749e393f249d5b77c45e0.pdf",
 "metadata": "shp_01JD-1", "messages": [], "test": true}
"""
NONE_BOUGHT = '{"next": null, "previous": null, "results": []}'
TRACKED = """
{"carrier": "usps", "tracking_number": "9499907123456123456781", "eta": "2026-11-23T00:00:00Z",
 "tracking_status": {"status": "DELIVERED", "status_date": "2026-11-23T17:10:00Z"},
 "tracking_history": [
  {"object_id": "a", "status": "UNKNOWN", "status_date": "2026-11-20T09:00:00Z", "location": null},
  {"object_id": "b", "status": "TRANSIT", "status_details": "Accepted", "status_date": "2026-11-20T18:00:00Z",
   "substatus": {"code": "package_accepted", "text": "Package has been accepted.", "action_required": false},
   "location": {"city": "Reno", "state": "NV", "zip": "89502", "country": "US"}},
  {"object_id": "c", "status": "TRANSIT", "status_details": "Out", "status_date": "2026-11-23T15:00:00Z",
   "substatus": {"code": "out_for_delivery", "text": "Out for delivery.", "action_required": false},
   "location": {"city": "Mountain View", "state": "CA", "zip": "94043", "country": "US"}},
  {"object_id": "d", "status": "DELIVERED", "status_details": "Delivered", "status_date": "2026-11-23T17:10:00Z",
   "location": {"city": "Mountain View", "state": "CA", "zip": "94043", "country": "US"}}]}
"""


@pytest.fixture
def shippo() -> Shippo:
    return Shippo(API, TOKEN)


def book(shippo: Shippo) -> Booked:
    return shippo.book(MUG, RATE, START)


def test_rates_are_asked_with_addresses_and_metric_parcels(shippo: Shippo, requests_mock: Mocker) -> None:
    requests_mock.post(f"{API}/shipments/", text=RATES, status_code=201)
    assert shippo.rates(MUG) == [
        Rate(RATE, "USPS", "Priority Mail", Money("USD", 550), 2),
        Rate("545ab0a1a6ea4c9f9adb2512a57d6d8b", "UPS", "Ground", Money("USD", 970), 3),
    ]
    (sent,) = requests_mock.request_history
    assert sent.headers["Authorization"] == f"ShippoToken {TOKEN}"
    assert sent.headers["SHIPPO-API-VERSION"] == "2018-02-08"
    assert sent.json() == {
        "address_from": {
            "name": "Online Boutique, Reno",
            "street1": "1 Example Way",
            "city": "Reno",
            "state": "NV",
            "zip": "89502",
            "country": "US",
        },
        "address_to": {
            "name": "Ada Lovelace",
            "street1": "1 Example Street",
            "city": "Mountain View",
            "state": "CA",
            "zip": "94043",
            "country": "US",
        },
        "parcels": [
            {
                "length": "250",
                "width": "175",
                "height": "100",
                "distance_unit": "mm",
                "weight": "450",
                "mass_unit": "g",
            }
        ],
        "metadata": "shp_01JD-1",
        "async": False,
    }


def test_nobody_takes_it(shippo: Shippo, requests_mock: Mocker) -> None:
    message = {"source": "UPS", "code": "10002", "text": "The postal code 00000 is invalid for CA United States."}
    requests_mock.post(f"{API}/shipments/", json={"status": "SUCCESS", "rates": [], "messages": [message]})
    with pytest.raises(CarrierRefused, match="postal code 00000"):
        shippo.rates(MUG)


def test_a_label_is_bought_under_our_reference(shippo: Shippo, requests_mock: Mocker) -> None:
    requests_mock.get(f"{API}/transactions/", text=NONE_BOUGHT)
    requests_mock.post(f"{API}/transactions/", text=BOUGHT, status_code=201)
    assert book(shippo) == Booked(
        "usps",
        "9499907123456123456781",
        "https://shippo-delivery.s3.amazonaws.com/70ae8117ee1749e393f249d5b77c45e0.pdf",
    )
    searched, bought = requests_mock.request_history
    assert searched.qs == {
        "object_created_gt": ["2026-11-20t07:50:00.000000z"],  # ten minutes before, for clocks that differ
        "results": ["100"],
        "page": ["1"],
    }
    assert bought.json() == {"rate": RATE, "label_file_type": "PDF_4x6", "metadata": "shp_01JD-1", "async": False}


def test_a_label_that_was_bought_before_a_crash_is_found_and_not_bought_again(
    shippo: Shippo, requests_mock: Mocker
) -> None:
    strangers = {"next": "page=2", "results": [{"metadata": "shp_02-1", "status": "SUCCESS"}]}
    ours = {"next": None, "results": [json.loads(BOUGHT)]}
    requests_mock.get(f"{API}/transactions/", [{"json": strangers}, {"json": ours}])
    assert book(shippo).tracking_number == "9499907123456123456781"
    assert [sent.method for sent in requests_mock.request_history] == ["GET", "GET"]


def test_a_rate_that_is_named_by_its_id_is_looked_up(shippo: Shippo, requests_mock: Mocker) -> None:
    requests_mock.get(f"{API}/transactions/", text=NONE_BOUGHT)
    requests_mock.post(f"{API}/transactions/", json={**json.loads(BOUGHT), "rate": RATE})
    requests_mock.get(f"{API}/rates/{RATE}", json={"object_id": RATE, "provider": "DHL Express"})
    assert book(shippo).carrier == "dhl_express"


def test_a_label_that_is_being_made_is_asked_about_again(shippo: Shippo, requests_mock: Mocker) -> None:
    requests_mock.get(f"{API}/transactions/", text=NONE_BOUGHT)
    requests_mock.post(f"{API}/transactions/", json={**json.loads(BOUGHT), "status": "QUEUED"})
    with pytest.raises(CarrierUnavailable, match="being made"):
        book(shippo)


def test_a_carrier_that_refuses_says_why(shippo: Shippo, requests_mock: Mocker) -> None:
    text = "UPS: The maximum per package weight for the selected service is 150.00 pounds."
    requests_mock.get(f"{API}/transactions/", text=NONE_BOUGHT)
    requests_mock.post(
        f"{API}/transactions/", json={"status": "ERROR", "rate": RATE, "messages": [{"source": "UPS", "text": text}]}
    )
    with pytest.raises(CarrierRefused, match="maximum per package weight"):
        book(shippo)


def test_tracking_is_read_in_the_ports_words(shippo: Shippo, requests_mock: Mocker) -> None:
    requests_mock.get(f"{API}/tracks/usps/9499907123456123456781", text=TRACKED)
    first = datetime(2026, 11, 20, 18, tzinfo=UTC)
    assert shippo.track("usps", "9499907123456123456781") == [
        Sighting("in_transit", "Reno, NV, US", first),
        Sighting("out_for_delivery", "Mountain View, CA, US", first + timedelta(days=2, hours=21)),
        Sighting("delivered", "Mountain View, CA, US", first + timedelta(days=2, hours=23, minutes=10)),
    ]


@pytest.mark.parametrize(
    "reply",
    [
        {"status_code": 502, "json": {}},
        {"status_code": 429, "json": {"detail": "Rate limit exceeded"}},
        {"text": "<html>"},
        {"exc": requests.ConnectTimeout},
        {"exc": requests.ConnectionError},
        {"json": {"rates": [{"object_id": "1"}]}},
        {
            "json": {
                "rates": [
                    {"object_id": "1", "provider": "X", "servicelevel": {"name": "Y"}, "amount": "a", "currency": "USD"}
                ]
            }
        },
    ],
)
def test_no_answer_is_asked_for_again(shippo: Shippo, requests_mock: Mocker, reply: dict[str, Any]) -> None:
    requests_mock.post(f"{API}/shipments/", **reply)
    with pytest.raises(CarrierUnavailable):
        shippo.rates(MUG)


def test_a_wrong_token_is_refused_and_told_to_nobody(shippo: Shippo, requests_mock: Mocker) -> None:
    requests_mock.post(f"{API}/shipments/", status_code=401, json={"detail": "Token does not exist"})
    with pytest.raises(CarrierRefused, match="Shippo refused POST shipments with 401") as refused:
        shippo.rates(MUG)
    assert TOKEN not in str(refused.value)


def test_a_token_in_the_settings_chooses_shippo_and_is_not_shown() -> None:
    chosen = read_settings({"BOUTIQUE_SHIPPO_TOKEN": TOKEN})
    assert Carrier.connect(chosen).name == "shippo"
    assert TOKEN not in repr(chosen)
    assert Carrier.connect(Settings()).name == "fleet"
