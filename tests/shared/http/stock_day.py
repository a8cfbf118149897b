"""What the keepers of stock do in a day, for the suite that reads every answer."""

from typing import Any

from tests.in_process import HOME, InProcess

GOODS = {"inventory": "6E92ZMYYFZ", "furniture": "FURN-004"}


def live(estate: InProcess) -> None:
    """Use every route of inventory and furniture that the plain order's way doesn't."""
    for service, sku in GOODS.items():
        look_for_missing_pieces(estate, service, sku)


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
