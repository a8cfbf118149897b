"""GET /inventory/inventory/{product_id}: the route that the old documents promised and nobody had."""

from datetime import datetime

from functions.legacy_checkout.answers import StockItem
from functions.legacy_checkout.figures import products, stock
from functions.legacy_checkout.old_services import Asked, OldServices
from shared.calls import Calls
from shared.errors import NotFound
from shared.storage import Database
from shared.values.identifiers import Sku


def get_stock_item(product_id: Sku, db: Database, call: Calls, old: OldServices, now: datetime) -> StockItem:
    """Return one product's figure; NotFound for what the old shop doesn't sell."""

    def ours() -> StockItem:
        found = next((each for each in products(call) if each.sku == product_id), None)
        if found is None:
            raise NotFound(f"no product {product_id}")
        return StockItem(name=found.name, code=found.sku, count=stock(call, [found.sku])[found.sku])

    return old.beside(db, now, Asked("inventory", "GET /inventory/{product_id}", path=f"/inventory/{product_id}"), ours)
