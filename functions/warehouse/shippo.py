"""Shippo behind the Carrier port: one HTTP API before many carriers (docs.goshippo.com, version 2018-02-08).

A label is bought by `POST /transactions`, which knows no idempotency key: our reference goes along as `metadata`, and
before buying the transactions made since are searched for it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, ClassVar

import requests

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
from functions.warehouse.scan import ScanStatus
from shared.values.address import Address
from shared.values.clock import rfc3339
from shared.values.money import Money

DEADLINE_S = 10.0
PAGE = 100
CLOCKS_DIFFER = timedelta(minutes=10)
STATUSES: dict[str, ScanStatus] = {
    "PRE_TRANSIT": "pre_transit",
    "TRANSIT": "in_transit",
    "DELIVERED": "delivered",
    "RETURNED": "returned",
    "FAILURE": "exception",
}


class Shippo(Carrier):
    """Rates, labels and tracking of the carriers of one Shippo account."""

    name: ClassVar[str] = "shippo"

    def __init__(self, address: str, token: str) -> None:
        self._address = address.rstrip("/")
        self._session = requests.Session()
        self._session.headers.update({"Authorization": f"ShippoToken {token}", "SHIPPO-API-VERSION": "2018-02-08"})

    def rates(self, consignment: Consignment) -> list[Rate]:
        """Create a shipment there and return its rates; CarrierRefused if no carrier takes it."""
        body = {
            "address_from": _address(consignment.sender.name, consignment.sender.address),
            "address_to": _address(consignment.recipient_name, consignment.recipient),
            "parcels": [_parcel(each) for each in consignment.packages],
            "metadata": consignment.reference,
            "async": False,
        }
        answer = self._ask("POST", "/shipments/", json=body)
        with _understanding():
            found = [_rate(each) for each in answer.get("rates", [])]
        if not found:
            raise CarrierRefused(_said(answer) or "no carrier takes it")
        return sorted(found, key=lambda rate: (rate.price.minor, rate.rate_id))

    def book(self, consignment: Consignment, rate_id: str, since: datetime) -> Booked:
        """Buy the label of a rate, unless it was bought under this reference since."""
        transaction = self._bought(consignment.reference, since)
        if transaction is None:
            wanted = {
                "rate": rate_id,
                "label_file_type": "PDF_4x6",
                "metadata": consignment.reference,
                "async": False,
            }
            transaction = self._ask("POST", "/transactions/", json=wanted)
        with _understanding():
            return self._booked(transaction)

    def _booked(self, transaction: dict[str, Any]) -> Booked:
        if transaction["status"] in ("WAITING", "QUEUED"):
            raise CarrierUnavailable("the label is being made")
        if transaction["status"] != "SUCCESS":
            raise CarrierRefused(_said(transaction) or f"the label is {transaction['status']}")
        rate = transaction["rate"]
        if isinstance(rate, str):
            rate = self._ask("GET", f"/rates/{rate}")
        carrier = str(rate["provider"]).lower().replace(" ", "_")
        return Booked(carrier, transaction["tracking_number"], transaction.get("label_url"))

    def track(self, carrier: str, tracking_number: str) -> list[Sighting]:
        """Return the tracking history, what Shippo calls UNKNOWN left out."""
        history = self._ask("GET", f"/tracks/{carrier}/{tracking_number}").get("tracking_history") or []
        with _understanding():
            return [_sighting(each) for each in history if each["status"] in STATUSES]

    def _bought(self, reference: str, since: datetime) -> dict[str, Any] | None:
        page = 1
        while True:
            query = {"object_created_gt": rfc3339(since - CLOCKS_DIFFER), "results": PAGE, "page": page}
            answer = self._ask("GET", "/transactions/", params=query)
            for each in answer.get("results") or []:
                if each.get("metadata") == reference and each.get("status") != "ERROR":
                    found: dict[str, Any] = each
                    return found
            if not answer.get("next"):
                return None
            page += 1

    def _ask(self, method: str, path: str, **parts: Any) -> dict[str, Any]:
        try:
            reply = self._session.request(method, self._address + path, timeout=DEADLINE_S, **parts)
            answer = reply.json()
        except requests.RequestException as error:
            raise CarrierUnavailable(f"Shippo gave no answer: {type(error).__name__}") from None
        if reply.status_code >= 500 or reply.status_code == 429:
            raise CarrierUnavailable(f"Shippo answered {reply.status_code}")
        if reply.status_code >= 400 or not isinstance(answer, dict):
            raise CarrierRefused(f"Shippo refused {method} {path.split('/')[1]} with {reply.status_code}")
        return answer


@contextmanager
def _understanding() -> Iterator[None]:
    """Take an answer that is not as documented for none."""
    try:
        yield
    except (KeyError, TypeError, ValueError) as error:
        raise CarrierUnavailable(f"Shippo's answer is not as documented: {type(error).__name__}") from error


def _address(name: str, address: Address) -> dict[str, str]:
    return {
        "name": name,
        "street1": address.street_address,
        "city": address.city,
        "state": address.state or "",
        "zip": address.zip_code,
        "country": address.country,
    }


def _parcel(package: Package) -> dict[str, str]:
    length, width, height = (str(edge) for edge in package.size_mm)
    size = {"length": length, "width": width, "height": height, "distance_unit": "mm"}
    return {**size, "weight": str(package.weight_g), "mass_unit": "g"}


def _rate(each: dict[str, Any]) -> Rate:
    return Rate(
        rate_id=each["object_id"],
        carrier=each["provider"],
        service=each["servicelevel"]["name"],
        price=Money.of(each["amount"], each["currency"]),
        days=each.get("estimated_days"),
    )


def _sighting(each: dict[str, Any]) -> Sighting:
    status = STATUSES[each["status"]]
    if (each.get("substatus") or {}).get("code") == "out_for_delivery":
        status = "out_for_delivery"
    location = each.get("location") or {}
    place = ", ".join(part for part in (location.get("city"), location.get("state"), location.get("country")) if part)
    return Sighting(status, place or None, datetime.fromisoformat(each["status_date"]))


def _said(answer: dict[str, Any]) -> str:
    return "; ".join(str(each.get("text", "")) for each in answer.get("messages") or [])
