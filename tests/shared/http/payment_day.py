"""What happens to money in a day, for the suite that reads every answer."""

import json
from pathlib import Path
from typing import Any

from tests.in_process import InProcess
from tests.shared.http.warehouse_day import push

SAMPLES = Path(__file__).parents[3] / "shared" / "events" / "samples"
ORDER, SHIPMENT, RETURN = "ord_money", "shp_money", "ret_money"
TOTAL = {"currency": "USD", "amount": "50.00"}


def live(estate: InProcess) -> None:
    """Use every route of payment that the plain order's way doesn't."""
    body = {"order_id": ORDER, "token": "tok_capture_fails", "email": "ada@example.com", "amount": TOTAL}
    estate.post("/payment/authorizations", body, "checkout")
    push(estate, "payment", "capture_shipment", told("shipment.dispatched", shipment_id=SHIPMENT, total=TOTAL))
    estate.post(f"/payment/captures/{SHIPMENT}/retry")
    estate.post("/payment/captures/shp_nothing/retry")
    line = {**told("shipment.returned")["data"]["lines"][0], "shipment_id": SHIPMENT}
    push(estate, "payment", "refund_return", told("shipment.returned", return_id=RETURN, lines=[line]))
    estate.post(f"/payment/refunds/{RETURN}/retry")
    estate.post("/payment/refunds/ret_nothing/retry")
    estate.post("/payment/authorizations", {**body, "order_id": f"{ORDER}-2", "token": "tok_visa"}, "checkout")
    taken = told("shipment.dispatched", order_id=f"{ORDER}-2", shipment_id=f"{SHIPMENT}-2", total=TOTAL)
    push(estate, "payment", "capture_shipment", {**taken, "id": "evt_taken"})
    chargeback = {"chargeback_id": "cbk_1", "order_id": f"{ORDER}-2", "reason": "not_received"}
    estate.post("/payment/chargebacks", chargeback)
    estate.post("/payment/chargebacks", {**chargeback, "chargeback_id": "cbk_2"})
    estate.ask("operator", "GET", f"/payment/payments?order_id={ORDER}-2")
    estate.ask("operator", "GET", f"/payment/payments?order_id={ORDER}")


def told(kind: str, **changes: Any) -> dict[str, Any]:
    sample: dict[str, Any] = json.loads((SAMPLES / f"{kind}.json").read_text())
    return {
        **sample,
        "id": f"evt_{kind}",
        "subject": ORDER,
        "data": {**sample["data"], **{"order_id": ORDER, **changes}},
    }
