"""POST /inventory/inventory: a line was sold, of which order and how many pieces it doesn't say. Counted, no effect.

Stock goes down once, when the order is taken in, by the quantities of accounting, warehouse or message.
"""

from datetime import datetime

from pydantic import Field

from functions.legacy_checkout.answers import StockItem
from functions.legacy_checkout.figures import stock
from functions.legacy_checkout.old_services import Asked, OldServices
from functions.legacy_checkout.sale_count import KEPT, SaleCall
from functions.legacy_checkout.spoken import OldCall
from shared.calls import Calls
from shared.errors import NotFound
from shared.storage import Database
from shared.values.identifiers import Sku, new_id


class Sale(OldCall):
    """The old checkout sends the word `item` as every product's name."""

    name: str = Field(default="", max_length=200)
    code: Sku


def count_sale(command: Sale, db: Database, call: Calls, old: OldServices, now: datetime) -> StockItem:
    """Count the call, then answer the item with how many can be sold: none of a SKU that inventory doesn't keep."""

    def ours() -> StockItem:
        counted = SaleCall(call_id=new_id("sal", now), code=command.code, called_at=now, forgotten_at=now + KEPT)
        db.transact(lambda tx: tx.create(counted))
        return StockItem(name=command.name, code=command.code, count=_left(call, command.code))

    return old.beside(db, now, Asked("inventory", "POST /inventory", body=command, answers=201), ours)


def _left(call: Calls, code: str) -> int:
    try:
        return stock(call, [code])[code]
    except NotFound:
        return 0
