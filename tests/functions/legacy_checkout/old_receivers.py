"""The old receivers as they are, faults and all: a small re-creation from what is known of them, served over HTTP.

Everything is in memory. Floats are meant: they are one of the faults.
"""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

Answer = tuple[int, Any]


class OldInventory:
    """Fault 1: a sale counts up, by one, whatever was sold."""

    def __init__(self) -> None:
        self.items = [
            {"name": "Sunglasses", "code": "OLJCESPC7Z", "count": 100},
            {"name": "Mug", "code": "6E92ZMYYFZ", "count": 100},
        ]

    def get_inventory(self) -> Answer:
        return 200, self.items

    def post_inventory(self, body: Any) -> Answer:
        item = next((each for each in self.items if each["code"] == body["code"]), None)
        if item is None:
            item = {"name": body["name"], "code": body["code"], "count": 0}
            self.items.append(item)
        item["count"] += 1
        return 201, dict(item)


class OldKyc:
    """Refuses by what an e-mail address is spelt like."""

    def post_check(self, body: Any) -> Answer:
        if not body.get("email"):
            return 400, {"error": "email is required"}
        suspicious = any(word in body["email"] for word in ("blocked", "fraud"))
        return (403, {"status": "REJECTED"}) if suspicious else (200, {"status": "APPROVED"})


class OldDataWarehouse:
    """Fault 3: whoever hears of an order passes it on."""

    def __init__(self) -> None:
        self.rows: list[str] = []


class OldCrm:
    def __init__(self, down: bool = False) -> None:
        self.customers: list[Any] = []
        self.orders: list[Any] = []

    def get_customers(self) -> Answer:
        return 200, self.customers[-50:]

    def post_customers(self, body: Any) -> Answer:
        self.customers.append({"id": len(self.customers) + 1, **body})
        self.orders.append(body.get("order"))
        return 201, self.customers[-1]

    def get_orders(self) -> Answer:
        return 200, self.orders[-20:]

    def get_stats(self) -> Answer:
        revenue = sum(order["totalAmount"] for order in self.orders)
        return 200, {"customers": len(self.customers), "orders": len(self.orders), "revenue": revenue}


class OldAccounting:
    """Faults 2, 5 and 10: no key, unit costs summed as floats over currencies, 50 rows."""

    def __init__(self, lake: OldDataWarehouse) -> None:
        self.rows: list[Any] = []
        self.lake = lake

    def get_transactions(self) -> Answer:
        total = sum(row["price"] for row in self.rows)
        summary = {"totalTransactions": len(self.rows), "totalAmount": total}
        return 200, {"transactions": self.rows[-50:], "crmIntegration": {"connected": True}, "summary": summary}

    def post_transactions(self, body: Any) -> Answer:
        items = body["financials"]["items"]
        price = sum(each["cost"]["units"] + each["cost"]["nanos"] / 1e9 for each in items)
        row = {
            "id": len(self.rows) + 1,
            "orderId": body["orderId"],
            "item": items[0]["item"]["product_id"],
            "price": price,
            "currency": body["currency"],
            "date": "2026-11-20T08:00:00Z",
            "customer": body["customerEmail"],
        }
        self.rows.append(row)
        self.lake.rows.append(body["orderId"])
        return 201, row


class OldWarehouse:
    """Faults 2 and 6: no key; what it reads is not what is written."""

    def __init__(self, lake: OldDataWarehouse) -> None:
        self.rows: list[Any] = []
        self.lake = lake
        self.broken = False

    def get_warehouse(self) -> Answer:
        return 200, self.rows[-20:]

    def post_shipments(self, body: Any) -> Answer:
        if self.broken:
            return 500, {"error": "out of memory"}
        for each in body["items"]:
            item, cost = each.get("item"), each.get("cost")  # order management sends {product_id, quantity}
            self.rows.append({"id": len(self.rows) + 1, "orderId": body["orderId"], "item": item, "cost": cost})
        self.lake.rows.append(body["orderId"])
        details = {"orderId": body["orderId"], "trackingId": body.get("trackingId"), "status": "pending_fulfillment"}
        return 201, {"message": "Shipment created", "shipmentDetails": details}


class OldOrderManagement:
    """Fault 4: answers 200 whatever happens behind it; reads a nested order as well as a flat one."""

    def __init__(self, accounting: OldAccounting, warehouse: OldWarehouse, lake: OldDataWarehouse) -> None:
        self.accounting, self.warehouse, self.lake = accounting, warehouse, lake
        self.lost: list[str] = []

    def post_(self, body: Any) -> Answer:
        import base64

        try:
            event = json.loads(base64.b64decode(body["message"]["data"]))
        except (KeyError, TypeError, ValueError):
            return 400, {"error": "bad envelope"}
        order = event.get("order", event)
        self.lake.rows.append(order.get("order_id", ""))
        flat = [{"product_id": each["item"]["product_id"], "quantity": 1} for each in order.get("items", [])]
        try:
            told = {"orderId": order["order_id"], "items": flat, "trackingId": order.get("shipping_tracking_id")}
            if self.warehouse.post_shipments(told)[0] >= 400:
                raise RuntimeError("warehouse")
            self.accounting.post_transactions(
                {
                    "orderId": order["order_id"],
                    "financials": {"items": order["items"]},
                    "currency": order["shipping_cost"]["currency_code"],
                    "customerEmail": order["email"],
                }
            )
        except Exception as error:
            self.lost.append(str(error))
        return 200, {"status": "processed"}


class OldPartner:
    def post_tracking(self, body: Any) -> Answer:
        return 200, {"message": "Tracking updated"}

    def get_catalog(self) -> Answer:
        return 200, [{"id": "OLJCESPC7Z", "name": "Sunglasses", "price": 19.99, "stock": 100}]

    def get_health(self) -> Answer:
        return 200, {"status": "ok"}


class OldAzure:
    """Faults 7, 9 and 10: scores latency, asks nobody who they are, keeps 10 rows."""

    def __init__(self) -> None:
        self.rows: list[Any] = []

    def post_metrics(self, body: Any) -> Answer:
        row = {**body, "riskScore": min(100, body["durationMs"] // 10)}
        self.rows.append(row)
        return 201, row

    def get_metrics(self) -> Answer:
        return 200, {"summary": {"count": len(self.rows)}, "data": self.rows[-10:]}


class OldWorld:
    """All of them, each at its own prefix of one server."""

    def __init__(self) -> None:
        self.lake = OldDataWarehouse()
        self.kyc, self.inventory, self.crm = OldKyc(), OldInventory(), OldCrm()
        self.accounting, self.warehouse = OldAccounting(self.lake), OldWarehouse(self.lake)
        self.order_management = OldOrderManagement(self.accounting, self.warehouse, self.lake)
        self.partner, self.azure = OldPartner(), OldAzure()
        self.asked: list[tuple[str, str, str | None]] = []
        """Method, path and Authorization of every call."""
        self.heard: list[bytes] = []
        """The body of every call, as it came."""

    def answer(self, method: str, path: str, body: Any) -> Answer:
        receiver, _, below = path.removeprefix("/").partition("/")
        handler = getattr(getattr(self, receiver, None), f"{method.lower()}_{re.sub('[^a-z]', '_', below)}", None)
        if handler is None:
            return 404, {"error": "not found"}
        answered: Answer = handler() if method == "GET" else handler(body)
        return answered

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        raw = environ["wsgi.input"].read(length) if length else b""
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        self.asked.append((method, path, environ.get("HTTP_AUTHORIZATION")))
        self.heard.append(raw)
        try:
            status, answer = self.answer(method, path, json.loads(raw) if raw else None)
        except (AttributeError, KeyError, TypeError) as error:  # as they do, on what they didn't think of
            status, answer = 500, {"error": str(error)}
        content = json.dumps(answer).encode()
        start_response(f"{status} ?", [("Content-Type", "application/json"), ("Content-Length", str(len(content)))])
        return [content]


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


RECEIVERS = ("kyc", "inventory", "crm", "accounting", "warehouse", "order_management", "partner", "azure")


@contextmanager
def served(world: OldWorld) -> Iterator[dict[str, str]]:
    """Serve them; yields their addresses by receiver, as shadow mode's settings want them."""
    with make_server("127.0.0.1", 0, world, handler_class=_Quiet) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield {name: f"http://127.0.0.1:{server.server_port}/{name}" for name in RECEIVERS}
        finally:
            server.shutdown()
            thread.join()
