"""A day of the old checkout: its calls and its message, its dashboards, its partner, and who looks after all that."""

from tests.functions.legacy_checkout.old_checkout import ID, Call, calls_of, get, pushed, send
from tests.in_process import InProcess


def live(estate: InProcess) -> None:
    """Ask every route, as the old callers do: without a token."""
    for call in calls_of():
        send(estate, call)
    blocked = {"email": "blocked@example.com", "name": "Nobody"}
    send(estate, Call("POST", "/kyc/check", blocked))
    message = next(call.body for call in calls_of() if call.is_message)
    send(estate, Call("POST", "/order_management/", pushed(message)))
    estate.deliver()
    ours = f"ord_{ID}"
    (shipment,) = estate.get(f"/warehouse/shipments?order_id={ours}")["items"]
    shipment_id = shipment["shipment_id"]
    customer, *_ = get(estate, "/crm/customers")
    home = {"street_address": "1 Main St", "city": "Town", "state": "CA", "country": "US", "zip_code": 94043}
    send(estate, Call("PUT", f"/crm/customers/{customer['id']}", {"address": home}))
    send(estate, Call("POST", "/crm/orders", {"orderId": "another", "totalAmount": 1.5, "currency": "USD"}))
    for path in (
        "/kyc/health",
        "/inventory/inventory",
        "/inventory/inventory/OLJCESPC7Z",
        "/crm/customers",
        "/crm/orders",
        "/crm/stats",
        "/accounting/transactions",
        f"/accounting/transactions/{ID}",
        "/warehouse/warehouse",
        f"/warehouse/warehouse/{shipment_id}.1",
        "/partner/catalog",
        "/azure/metrics",
    ):
        get(estate, path)
    estate.post(f"/warehouse/shipments/{shipment_id}/dispatch")
    estate.deliver()
    sighting = {"trackingId": "AB-12345-1234567", "status": "in_transit", "location": "Reno"}
    send(estate, Call("POST", "/partner/tracking", sighting))
    estate.deliver()
    _cancel_what_is_beyond_stock(estate)
    estate.get(f"/legacy_checkout/gathered-orders/{ID}")
    estate.get("/legacy_checkout/open-orders")
    estate.get("/legacy_checkout/differences")
    estate.run("legacy_checkout", "finish_orders")


def _cancel_what_is_beyond_stock(estate: InProcess) -> None:
    other = ID.replace("8f0c", "8f0f")
    message = next(call for call in calls_of(other) if call.is_message)
    message.body["items"][0]["item"]["quantity"] = 9000
    send(estate, message)
    estate.deliver()
    status, _ = estate.post(f"/order_management/orders/ord_{other}/cancel", {"by": "Ada", "reason": "too long"})
    assert status == 200
    estate.deliver()
    (debt,) = estate.get("/payment/owed-back")["items"]
    repaid = {"order_id": debt["order_id"], "cause": "cancelled", "amount": debt["amount"], "reference": "re_1"}
    assert estate.post("/payment/repayments", {**repaid, "by": "Ada"})[0] == 200
    estate.deliver()
