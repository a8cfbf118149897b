"""POST /receipts: goods came in at a location."""

from datetime import datetime

from functions.inventory.ledger import LEDGER
from shared.stock.commands import ReceiveStock
from shared.stock.receiving import StockReceipt, receive
from shared.storage import Transaction
from shared.values.identifiers import new_id


def receive_stock(command: ReceiveStock, tx: Transaction, now: datetime) -> StockReceipt:
    """Add pieces at their cost and publish `inventory.received`; Invalid names a wrong SKU, location or cost."""
    return receive(tx, LEDGER, new_id("rcp", now), command, now)
