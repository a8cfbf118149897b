"""An order's loyalty in the whole estate: points at delivery, a tier the next night, both undone by a refund."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.in_process import InProcess, basket

ONE_DAY = timedelta(days=1)
BY = {"by": "grace", "reason": "too small"}


@pytest.fixture
def estate(tmp_path: Path) -> Iterator[InProcess]:
    started = InProcess(tmp_path)
    yield started
    started.close()


def loyalty(estate: InProcess) -> Any:
    return estate.get("/crm/customers?email=ada@example.com")["items"][0]["loyalty"]


def night(estate: InProcess) -> None:
    for function in ("expire_points", "evaluate_tiers", "value_loyalty"):
        estate.run("crm", function)
    estate.deliver()


def test_an_order_earns_at_delivery_and_a_refund_undoes_it(estate: InProcess) -> None:
    status, order = estate.place(basket(items=[{"sku": "OLJCESPC7Z", "quantity": 30}]))
    assert status == 201, order
    estate.deliver()
    assert loyalty(estate) == {"tier": "bronze", "points": 0, "spend": {"currency": "USD", "amount": "0.00"}}

    for step in ("dispatch", "deliver"):
        for shipment in estate.get(f"/warehouse/shipments?order_id={order['order_id']}")["items"]:
            estate.post(f"/warehouse/shipments/{shipment['shipment_id']}/{step}")
        estate.deliver()
    night(estate)
    assert loyalty(estate) == {"tier": "silver", "points": 599, "spend": {"currency": "USD", "amount": "599.70"}}

    path = f"/order_management/orders/{order['order_id']}/returns"
    _, asked = estate.post(path, BY)
    return_id = asked["returns"][0]["return_id"]
    estate.post(f"{path}/{return_id}/authorize", BY)
    estate.deliver()
    pieces = [{"sku": "OLJCESPC7Z", "quantity": 30, "disposition": "restock"}]
    location = estate.get(f"/warehouse/shipments?order_id={order['order_id']}")["items"][0]["location"]
    back = {"by": "grace", "location": location, "lines": pieces}
    status, received = estate.post(f"/warehouse/returns/{return_id}/receive", back)
    assert status == 200, received
    estate.deliver()
    customer = estate.get("/crm/customers?email=ada@example.com")["items"][0]["customer_id"]
    points = estate.get(f"/crm/customers/{customer}/points")
    assert [(line["kind"], line["points"]) for line in points["items"]] == [("reversed", -599), ("earned", 599)]
    assert loyalty(estate)["spend"]["amount"] == "0.00"

    estate.offset += ONE_DAY
    night(estate)
    assert loyalty(estate)["tier"] == "bronze"
    totals = estate.get("/crm/control-totals")["totals"]
    assert totals["tier_changes.count"] == 2
