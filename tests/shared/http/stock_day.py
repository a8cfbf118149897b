"""What the keepers of stock do in a day, for the suite that reads every answer."""

from typing import Any

from tests.in_process import HOME, InProcess

GOODS = {"inventory": "6E92ZMYYFZ", "furniture": "FURN-004"}
JOE = {"by": "joe"}


def live(estate: InProcess) -> None:
    """Use every route of inventory and furniture that the plain order's way doesn't."""
    for service, sku in GOODS.items():
        look_for_missing_pieces(estate, service, sku)
        set_right(estate, service, sku)
        transfer(estate, service, sku)
        for shards in (4, 1, 0):
            estate.ask("operator", "PUT", f"/{service}/skus/{sku}/shards", {"shards": shards})
        estate.ask("operator", "PUT", f"/{service}/skus/NO-SUCH-SKU/shards", {"shards": 2})
    upload(estate)


def look_for_missing_pieces(estate: InProcess, service: str, sku: str) -> None:
    where = {name: HOME[name] for name in ("country", "state", "zip_code")}
    order: dict[str, Any] = {
        "order_id": "ord_short",
        "lines": [{"sku": sku, "quantity": 2}],
        "destination": where,
    }
    estate.post(f"/{service}/reservations", order, "checkout")
    path = f"/{service}/reservations/ord_short"
    short = {"short_id": "sho_1", "shipment_id": "shp_1", "sku": sku, "location": "reno-us", "quantity": 1}
    estate.post(f"{path}/reallocate", short, "warehouse")
    estate.post(f"{path}/firm", caller="checkout")
    for quantity in (1, 1, 2):
        estate.post(f"{path}/reallocate", {**short, "quantity": quantity}, "warehouse")
    estate.post(f"/{service}/reservations/ord_nothing/reallocate", short, "warehouse")


def set_right(estate: InProcess, service: str, sku: str) -> None:
    adjustment = {"sku": sku, "location": "reno-us", "delta": -1, "reason": "broken", **JOE}
    for number, delta in enumerate((-1, 2, -5000)):
        key = {"Idempotency-Key": f"adjust-{number}"}
        for _ in range(2):
            estate.post(f"/{service}/adjustments", {**adjustment, "delta": delta}, **key)
    estate.post(f"/{service}/adjustments", adjustment)
    for number, counted in enumerate((990, 0, 1_000_000)):
        count = {"location": "reno-us", "lines": [{"sku": sku, "counted": counted}], **JOE}
        estate.post(f"/{service}/counts", count, **{"Idempotency-Key": f"count-{number}"})
    for number, quantity in enumerate((3, 2_000_000, 999_999)):
        states = {"from_state": "sellable", "to_state": "quarantine"}
        move = {"sku": sku, "location": "venlo-nl", "quantity": quantity, "reason": "recalled", **states, **JOE}
        estate.post(f"/{service}/moves", move, **{"Idempotency-Key": f"move-{number}"})


def transfer(estate: InProcess, service: str, sku: str) -> None:
    body = {"sku": sku, "quantity": 5, "from_location": "reno-us", "to_location": "newark-us", **JOE}
    _, sent = estate.post(f"/{service}/transfers", body, **{"Idempotency-Key": "transfer-1"})
    estate.post(f"/{service}/transfers", {**body, "quantity": 999_999}, **{"Idempotency-Key": "transfer-2"})
    estate.get(f"/{service}/transfers")
    path = f"/{service}/transfers/{sent['transfer_id']}/receive"
    for arrived in ({"quantity": 4}, {"quantity": 4, "reason": "lost"}, {"quantity": 4}, {"quantity": 5}):
        estate.post(path, {**arrived, **JOE})
    estate.post(f"/{service}/transfers/trf_nothing/receive", {"quantity": 1, **JOE})
    estate.ask("operator", "GET", f"/{service}/transfers?status=received")


def upload(estate: InProcess) -> None:
    """The ERP's file, as CSV and as JSON, with a refused row, twice, and some that are no such file."""
    text = "sku,location,counted\nFURN-005,reno-us,999\nFURN-005,nowhere,1\n"
    csv = {"Content-Type": "text/csv; charset=utf-8"}
    for body, headers in (
        (text.encode(), csv),
        (text.encode(), csv),
        ({"csv": text}, {}),
        (b"\xff\xfe", csv),
        (b"", csv),
        (b"colour\n", csv),
        (text.encode(), {"Content-Type": "application/xml"}),
    ):
        estate.post("/furniture/stock-files?file_id=erp-1", body, **headers)
    estate.post("/furniture/stock-files", text.encode(), **csv)
    estate.get("/furniture/stock-files/erp-1")
    for path in ("erp-1?cursor=1", "erp-1?cursor=x", "erp-2"):
        estate.ask("operator", "GET", f"/furniture/stock-files/{path}")
