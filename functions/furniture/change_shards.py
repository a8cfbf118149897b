"""PUT /skus/{sku}/shards: split a SKU's stock over so many documents, before a flash sale say."""

from functions.furniture.ledger import LEDGER
from shared.stock import sharding
from shared.stock.sharding import ChangeShards, SkuShards
from shared.storage import Transaction
from shared.values.identifiers import Sku


def change_shards(sku: Sku, command: ChangeShards, tx: Transaction) -> SkuShards:
    """Spread free pieces evenly over the shards in one transaction, orders going on; NotFound for another's SKU."""
    return sharding.change_shards(tx, LEDGER, sku, command.shards)
