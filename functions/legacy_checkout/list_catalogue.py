"""GET /partner/catalog: what resellers may order."""

from datetime import datetime

from functions.legacy_checkout.answers import CatalogueItem, CatalogueItems
from functions.legacy_checkout.figures import products, stock
from functions.legacy_checkout.old_services import Asked, OldServices
from functions.legacy_checkout.spoken import number
from shared.calls import Calls
from shared.storage import Database


def list_catalogue(db: Database, call: Calls, old: OldServices, now: datetime) -> CatalogueItems:
    """Return pricing's products with inventory's figures."""

    def ours() -> CatalogueItems:
        sold = products(call)
        counts = stock(call, [each.sku for each in sold])
        return CatalogueItems(
            [
                CatalogueItem(id=each.sku, name=each.name, price=number(each.price), stock=counts[each.sku])
                for each in sold
            ]
        )

    return old.beside(db, now, Asked("partner", "GET /catalog"), ours)
