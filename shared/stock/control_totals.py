"""Control totals of a stock ledger, from its own documents: what reconciliation compares with the event rows."""

from collections import Counter
from datetime import datetime

from shared.http.models import ControlTotals
from shared.stock.ledger import Ledger, R
from shared.stock.levels import shards
from shared.stock.movements import Movement
from shared.stock.set_aside import SetAside
from shared.storage import Database


def control_totals(db: Database, ledger: Ledger[R], until: datetime) -> ControlTotals:
    """Sum movements by SKU up to a moment, and state three differences that are zero while the ledger is whole.

    `stock_unexplained` is how many pieces in all states stock documents hold beside their movements,
    `value_unexplained` what they are worth beside them, in minor units, `reserved_unexplained` what they hold beside
    open reservations. They are read one after the other, so while orders are being placed they may differ for a moment.
    """
    held = _held(db, ledger)
    totals = {"stock_unexplained": 0, "value_unexplained": 0, "reserved_unexplained": 0}
    for sku in ledger.skus:
        stocks = shards(db, ledger, sku)
        aside = db.get(SetAside, sku) or SetAside(sku=sku)
        moved = db.aggregate(Movement, sums=("delta", "value_minor"), sku=sku, order_by="at").sums
        totals[f"movements.{sku}"] = db.aggregate(Movement, sums=("delta",), sku=sku, order_by="at", until=until).sums[
            "delta"
        ]
        pieces = sum(stock.on_hand for stock in stocks) + aside.all_pieces
        value = sum(stock.value_minor for stock in stocks) + aside.value_minor
        totals["stock_unexplained"] += abs(pieces - moved["delta"])
        totals["value_unexplained"] += abs(value - moved["value_minor"])
        totals["reserved_unexplained"] += abs(sum(stock.reserved for stock in stocks) - held[sku])
    return ControlTotals(service=db.service, until=until, totals=totals)


def _held(db: Database, ledger: Ledger[R]) -> Counter[str]:
    """Count pieces that open reservations hold, by SKU."""
    held: Counter[str] = Counter()
    for state in ("pending", "firm"):
        cursor: str | None = None
        while True:
            page = db.query(ledger.reservation, state=state, order_by="expires_at", limit=500, cursor=cursor)
            for reservation in page.items:
                for sku, pick in reservation.held:
                    held[sku] += pick.quantity - pick.left
            if page.next_cursor is None:
                break
            cursor = page.next_cursor
    return held
