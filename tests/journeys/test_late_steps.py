"""A step of the saga that arrives after it was undone finds a tombstone and is refused."""

from typing import Any
from uuid import uuid4

import pytest
import requests

from tests.estate import RunningEstate
from tests.journeys.baskets import MUG, SOFA, new_email
from tests.journeys.shopping import refusal, stock

pytestmark = pytest.mark.estate


def as_checkout(estate: RunningEstate, path: str, body: dict[str, Any]) -> requests.Response:
    return estate.ask("POST", path, body, caller="checkout")


@pytest.mark.parametrize(("owner", "sku"), [("inventory", MUG), ("furniture", SOFA)])
def test_stock_that_is_reserved_after_its_release_is_refused(estate: RunningEstate, owner: str, sku: str) -> None:
    order_id, before = f"ord_{uuid4()}", stock(estate, sku, owner)
    destination = {"country": "US", "state": "CA", "zip_code": "94043"}
    reservation = {"order_id": order_id, "lines": [{"sku": sku, "quantity": 1}], "destination": destination}

    released = as_checkout(estate, f"/{owner}/reservations/{order_id}/release", {"reason": "undone"})
    late = [as_checkout(estate, f"/{owner}/reservations", reservation) for _ in range(2)]
    firm = as_checkout(estate, f"/{owner}/reservations/{order_id}/firm", {})

    assert (released.status_code, released.json()) == (200, {"order_id": order_id, "state": "released"})
    assert [refusal(answer) for answer in late] == [(409, "step_cancelled")] * 2
    assert refusal(firm) == (409, "reservation_expired")
    assert stock(estate, sku, owner) == before


def test_money_that_is_authorized_after_its_void_is_refused(estate: RunningEstate) -> None:
    order_id, before = f"ord_{uuid4()}", estate.get("/payment/control-totals")["totals"]
    amount = {"currency": "USD", "amount": "10.00"}
    authorization = {"order_id": order_id, "token": "tok_visa", "email": new_email(), "amount": amount}

    voided = as_checkout(estate, f"/payment/authorizations/{order_id}/void", {"reason": "undone"})
    late = [as_checkout(estate, "/payment/authorizations", authorization) for _ in range(2)]

    assert (voided.status_code, voided.json()["status"]) == (200, "voided")
    assert [refusal(answer) for answer in late] == [(409, "step_cancelled")] * 2
    assert estate.get("/payment/control-totals")["totals"] == before
    assert estate.items(f"/payment/payments?order_id={order_id}") == []
