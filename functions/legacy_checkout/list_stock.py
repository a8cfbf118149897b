"""GET /inventory/inventory: what of each product can be sold."""

from datetime import datetime

from functions.legacy_checkout.answers import StockItem, StockItems
from functions.legacy_checkout.figures import products, stock
from functions.legacy_checkout.old_services import Asked, OldServices
from shared.calls import Calls
from shared.storage import Database


def list_stock(db: Database, call: Calls, old: OldServices, now: datetime) -> StockItems:
    """Return every product that the old shop sells, with inventory's figure."""

    def ours() -> StockItems:
        sold = products(call)
        counts = stock(call, [each.sku for each in sold])
        return StockItems([StockItem(name=each.name, code=each.sku, count=counts[each.sku]) for each in sold])

    return old.beside(db, now, Asked("inventory", "GET /inventory"), ours)
