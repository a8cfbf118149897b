"""Receiving: goods come in at what they had cost."""

from datetime import datetime

from shared.errors import Invalid
from shared.http.models import Answer
from shared.seed import read
from shared.stock.commands import ReceiveStock
from shared.stock.ledger import Ledger, R
from shared.stock.movements import SELLABLE, Movement, movement_key, record
from shared.stock.sharding import all_shards, shard_count
from shared.stock.skus import VALUATION_CURRENCY
from shared.storage import Transaction
from shared.values.identifiers import Sku
from shared.values.money import Money

HIGHEST_UNIT_COST = Money(VALUATION_CURRENCY, 100_000_000)
"""One million dollars: a receipt's value stays far inside 64 bits."""


class StockReceipt(Answer):
    """A goods receipt. `on_hand` is the SKU's stock at all locations after it."""

    receipt_id: str
    sku: Sku
    location: str
    quantity: int
    on_hand: int


def receive(tx: Transaction, ledger: Ledger[R], receipt_id: str, goods: ReceiveStock, now: datetime) -> StockReceipt:
    """Add pieces to stock, once per receipt, and publish it; Invalid by field. Shards of the SKU get equal shares."""
    _check(ledger, goods)
    stocks = all_shards(tx, ledger, goods.sku)
    key = movement_key(receipt_id, goods.sku, goods.location)
    if tx.get(Movement, key) is None:
        shards = shard_count(ledger, stocks[0])
        for n, stock in enumerate(stocks[:shards]):
            share = goods.quantity // shards + (n < goods.quantity % shards)
            if share:
                stock.receive(goods.location, share, goods.unit_cost)
                tx.put(stock)
        _record(tx, ledger, receipt_id, goods, now)
    return StockReceipt(
        receipt_id=receipt_id,
        sku=goods.sku,
        location=goods.location,
        quantity=goods.quantity,
        on_hand=sum(stock.on_hand for stock in stocks),
    )


def _check(ledger: Ledger[R], goods: ReceiveStock) -> None:
    errors = ledger.complaints(sku=goods.sku, location=goods.location)
    if goods.unit_cost.currency != VALUATION_CURRENCY:
        errors.append(("unit_cost", f"expected an amount in {VALUATION_CURRENCY}, in which stock is valued"))
    elif not 0 < goods.unit_cost.minor <= HIGHEST_UNIT_COST.minor:
        errors.append(("unit_cost", f"expected more than zero and at most {HIGHEST_UNIT_COST.amount}"))
    if errors:
        raise Invalid(*errors)


def _record(tx: Transaction, ledger: Ledger[R], receipt_id: str, goods: ReceiveStock, now: datetime) -> None:
    where = (goods.sku, goods.location, SELLABLE)
    record(tx, "receipt", receipt_id, where, goods.quantity, goods.unit_cost * goods.quantity, now)
    tx.emit(
        ledger.received(
            receipt_id=receipt_id,
            sku=goods.sku,
            location=goods.location,
            quantity=goods.quantity,
            unit_cost=goods.unit_cost,
        ),
        now,
    )


def receive_opening_stock(tx: Transaction, ledger: Ledger[R], now: datetime) -> None:
    """Receive the opening stock of every SKU at every location (`opening_stock` of `locations.json`)."""
    for place in read("locations")["locations"]:
        for unit in ledger.skus.values():
            location = place["location"]
            goods = ReceiveStock(
                sku=unit.sku, location=location, quantity=place["opening_stock"], unit_cost=unit.unit_cost
            )
            receive(tx, ledger, f"rcp_opening-{unit.sku}-{location}", goods, now)
