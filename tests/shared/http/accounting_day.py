"""A day in accounting, for the suite that reads every answer."""

import base64
import json
from pathlib import Path
from typing import Any

from tests.in_process import InProcess

SAMPLES = Path(__file__).parents[3] / "shared" / "events" / "samples"


def live(estate: InProcess) -> None:
    """Use every route of accounting that the plain order's way doesn't."""
    ask(estate, "/chart-of-accounts", "/trial-balance?entity=ob-eu", "/trial-balance?entity=ob-nowhere")
    ask(estate, "/statements?entity=ob-us&since=2026-01&until=2026-12", "/statements?entity=x&since=1&until=2")
    ask(estate, "/statements?entity=ob-us&since=2026-02&until=2026-01", "/statements")
    left = push(estate, "post_shipment", "shipment.dispatched")
    push(estate, "post_return", "shipment.returned")
    invoice, note = left["shipment_id"].replace("shp_", "inv_"), "crn_01M8CZ4W80KRVQKEBZ99Y1BWWW"
    ask(estate, f"/credit-notes?order_id={left['order_id']}", f"/invoices/{invoice}", "/invoices/inv_nothing")
    for form in ("application/json", "text/html", "application/pdf"):
        for path in (f"/invoices/{invoice}", f"/credit-notes/{note}", "/invoices/inv_nothing", "/credit-notes/crn_no"):
            estate.ask("operator", "GET", f"/accounting{path}/document", Accept=form)
    keep_books(estate, left)


def keep_books(estate: InProcess, left: Any) -> None:
    given_up = {"order_id": left["order_id"], "amount": left["total"], "by": "joe", "reason": "card expired"}
    for number, key in enumerate(("one", "one", "two")):
        status, _ = estate.post("/accounting/write-offs", given_up, **{"Idempotency-Key": f"write-off-{key}"})
        assert status == (201, 201, 409)[number]
    estate.post("/accounting/write-offs", given_up)
    ask(estate, "/write-offs", f"/write-offs?order_id={left['order_id']}", "/write-offs?since=yesterday")
    bill = {"entity": "ob-us", "supplier": "parcelco", "reference": "R-1", "kind": "freight", "by": "joe"}
    for amount in ("1.00", "-1.00", "2.00"):
        estate.post("/accounting/supplier-bills", {**bill, "amount": {"currency": "USD", "amount": amount}})
    ask(estate, "/supplier-bills", "/supplier-bills?limit=0")


def ask(estate: InProcess, *paths: str) -> None:
    for path in paths:
        estate.ask("operator", "GET", f"/accounting{path}")


def push(estate: InProcess, function: str, kind: str) -> Any:
    """Deliver the sample of an event; returns what it tells."""
    sample = json.loads((SAMPLES / f"{kind}.json").read_text())
    data = base64.b64encode(json.dumps(sample).encode()).decode()
    attributes = {f"ce-{name}": sample[name] for name in ("id", "type", "source", "time", "subject")}
    message = {"data": data, "attributes": attributes, "messageId": "1"}
    assert estate.ask("operator", "POST", f"/accounting/events/{function}", {"message": message}).status == 204
    return sample["data"]
