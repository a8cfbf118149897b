"""What the warehouse's people do in a day, for the suite that reads every answer."""

import base64
import json
from pathlib import Path
from typing import Any

from tests.in_process import InProcess, basket

SAMPLES = Path(__file__).parents[3] / "shared" / "events" / "samples"


def live(estate: InProcess) -> None:
    """Use every route of warehouse that the plain order's way doesn't."""
    receive_a_return(estate)
    shipment = planned(estate, "warehouse-day-1")
    pick(estate, shipment)
    label(estate, shipment["shipment_id"])
    send(estate, shipment["shipment_id"])
    label(estate, planned(estate, "warehouse-day-2", items=[{"sku": "FURN-001", "quantity": 1}])["shipment_id"])


def push(estate: InProcess, service: str, function: str, sample: dict[str, Any]) -> None:
    data = base64.b64encode(json.dumps(sample).encode()).decode()
    attributes = {f"ce-{name}": sample[name] for name in ("id", "type", "source", "time", "subject")}
    message = {"data": data, "attributes": attributes, "messageId": "1"}
    answered = estate.ask("operator", "POST", f"/{service}/events/{function}", {"message": message})
    assert answered.status == 204, answered


def receive_a_return(estate: InProcess) -> None:
    sample = json.loads((SAMPLES / "order.return_authorized.json").read_text())
    push(estate, "warehouse", "expect_return", sample)
    path = f"/warehouse/returns/{sample['data']['return_id']}/receive"
    mug = {"sku": sample["data"]["lines"][0]["sku"], "quantity": 1, "disposition": "quarantine"}
    for quantity in (2, 1, 1):
        estate.post(path, {"by": "joe", "location": "reno-us", "lines": [{**mug, "quantity": quantity}]})
    estate.ask("operator", "GET", f"/warehouse/returns?order_id={sample['data']['order_id']}")


def planned(estate: InProcess, key: str, **changes: Any) -> dict[str, Any]:
    """Place an order; its planned shipment."""
    order_id = estate.place(basket(**changes), key)[1]["order_id"]
    estate.deliver()
    found: dict[str, Any] = estate.get(f"/warehouse/shipments?order_id={order_id}")["items"][0]
    return found


def pick(estate: InProcess, shipment: dict[str, Any]) -> None:
    """Take the goods of a round; one piece is nowhere, and nobody is to look for more than there is."""
    estate.ask("operator", "GET", f"/warehouse/pick-lists?location={shipment['location']}")
    path = f"/warehouse/shipments/{shipment['shipment_id']}/picks"
    found = [{"sku": line["sku"], "picked": line["quantity"]} for line in shipment["lines"]]
    too_many = [{**found[0], "picked": 99}, *found[1:]]
    missing = [{**found[0], "picked": found[0]["picked"] - 1}, *found[1:]]
    for lines in (too_many, missing, missing, found):
        estate.post(path, {"by": "joe", "lines": lines})
    estate.deliver()


def send(estate: InProcess, shipment_id: str) -> None:
    """Have it carried and follow it, with a carrier that guesses."""
    path = f"/warehouse/shipments/{shipment_id}"
    rate_id = estate.get(f"{path}/rates")["items"][0]["rate_id"]
    for rate in ("first class", rate_id, rate_id, "first class"):
        estate.post(f"{path}/book", {"rate_id": rate})
    number = estate.get(path)["tracking_number"]
    seen = {"tracking_number": number, "status": "in_transit", "scanned_at": "2026-01-20T12:00:00Z"}
    for changes in ({}, {"status": "delivered"}, {"tracking_number": "OBP1"}, {"scanned_at": "2999-01-01T00:00:00Z"}):
        estate.post("/warehouse/scans", seen | changes)
    estate.post(f"{path}/dispatch")
    estate.post("/warehouse/scans", seen | {"status": "delivered"})
    estate.ask("operator", "GET", f"{path}/scans")
    estate.deliver()


def label(estate: InProcess, shipment_id: str) -> None:
    """Pack it and print what sticks to it."""
    path = f"/warehouse/shipments/{shipment_id}"
    for _ in range(2):
        for below in ("labels", "consignment"):
            estate.ask("operator", "GET", f"{path}/{below}")
        estate.post(f"{path}/pack", {"by": "joe"})
    estate.ask("operator", "GET", f"{path}/labels", Accept="image/svg+xml")
