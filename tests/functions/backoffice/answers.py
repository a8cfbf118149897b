"""What services answer about one delivered order, as they write it."""

from typing import Any

ORDER_ID = "ord_01M7WN3C74YFVCWJP54DZF31W5"
AT = "2026-11-20T14:17:22.500000Z"
USD = {"currency": "USD", "amount": "47.87"}
NOTHING = {"currency": "USD", "amount": "0.00"}


def order(**changes: Any) -> dict[str, Any]:
    whole = {
        "order_id": ORDER_ID,
        "status": "delivered",
        "history": [],
        "total": USD,
        "customer_id": "cus_01M7WN3CH3CM1F2N49GJ7627X8",
        "lines": [
            {"sku": "OLJCESPC7Z", "name": "Sun<b>glasses", "quantity": 2, "dispatched": 2, "delivered": 2}
            | {"cancelled": 0, "returned": 0}
        ],
        "fraud": {"decision": "approve", "score": 0, "reasons": [], "model_version": "2026-11-20.2"},
        "placed_at": AT,
        "review_overdue_at": None,
        "payments": {"captured": USD, "refunded": NOTHING, "charged_back": NOTHING},
    }
    return whole | changes


def held() -> dict[str, Any]:
    reasons = [{"code": "five_cards", "points": 45}, {"code": "first_order", "points": 5}]
    return order(
        status="held",
        fraud={"decision": "review", "score": 50, "reasons": reasons, "model_version": "2026-11-20.2"},
        review_overdue_at="2026-11-23T14:17:22Z",
    )


def items(*found: dict[str, Any]) -> dict[str, Any]:
    return {"items": list(found), "next_cursor": None}


def of_order(found: dict[str, Any]) -> dict[tuple[str, str], Any]:
    """The script of an order's page."""
    timeline = {
        "at": AT,
        "who": "checkout",
        "sentence": "Ordered: 2 Sunglasses for 47.87 USD.",
        "type": "order.confirmed",
    }
    payment = {"type": "capture", "amount": USD, "status": "captured", "at": AT, "decline_code": None}
    shipment = {
        "shipment_id": "shp_1",
        "status": "delivered",
        "location": "reno-us",
        "carrier": "boutique_parcel",
        "tracking_number": "OBP857314270043554057473",
        "parcels": [{"parcel": 1, "box": "S", "gross_g": 230, "lines": [{"sku": "OLJCESPC7Z", "quantity": 2}]}],
    }
    invoice = {"invoice_id": "inv_1", "status": "issued", "number": "ob-us-2026-000004", "total": USD}
    entry = {"account": "receivables", "debit": USD, "credit": NOTHING, "cause": "shipment.dispatched", "at": AT}
    mail = {
        "channel": "email",
        "template": "order.confirmed",
        "subject": "It is confirmed",
        "status": "sent",
        "sent_at": AT,
    }
    return {
        ("GET", f"/order_management/orders/{ORDER_ID}"): found,
        ("GET", f"/order_management/orders/{ORDER_ID}/timeline"): items(timeline),
        ("GET", "/payment/payments"): items(payment),
        ("GET", "/warehouse/shipments"): items(shipment),
        ("GET", "/accounting/invoices"): items(invoice),
        ("GET", "/accounting/entries"): items(entry),
        ("GET", "/notification/messages"): items(mail | {"sent_at": AT}),
    }


def span(name: str, offset_ms: float, duration_ms: float | None, trace: str = "t1", **changes: Any) -> dict[str, Any]:
    whole = {"trace_id": trace, "span_id": name, "kind": "request", "name": name, "service": "checkout"}
    whole |= {"cloud": "google", "depth": 0, "offset_ms": offset_ms, "duration_ms": duration_ms, "outcome": "ok"}
    return whole | changes


def effects() -> dict[str, Any]:
    """A report with a delivery that came twice: its effect was there already."""
    again = {"attempt": 2, "at": AT, "duration_ms": 1.0, "status": 204, "outcome": "suppressed"}
    first = {"attempt": 1, "at": AT, "duration_ms": 2.0, "status": 204, "outcome": "applied"}
    delivery = {
        "subscription": "warehouse.plan_shipments.order-events",
        "service": "warehouse",
        "state": "applied",
        "latency_ms": 14.2,
        "attempts": [first, again],
        "dead_letter": None,
    }
    event = {"event_id": "evt_1", "type": "order.confirmed", "service": "checkout", "at": AT, "deliveries": [delivery]}
    counts = {"events": 1, "deliveries": 1, "attempts": 2, "repeats": 1, "applied": 1, "suppressed": 0}
    one = {
        "trace_id": "t1",
        "root": "POST /orders",
        "service": "checkout",
        "started_at": AT,
        "spans": 2,
        "unbroken": True,
    }
    two = {"trace_id": "t2", "root": "POST /dispatch", "service": "warehouse", "started_at": AT, "spans": 1}
    spans = [
        span("POST /orders", 0, 200),
        span("POST /api/score", 50, 100, service="fraud", cloud="azure", depth=1),
        span("POST /dispatch", 4000, 10, "t2", service="warehouse", outcome="unavailable"),
    ]
    traces = [one | {"unbroken": True}, two | {"unbroken": True}]
    return {"counts": counts, "events": [event], "traces": traces, "spans": spans}
