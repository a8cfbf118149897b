"""Every hour: returns that were authorized and never came are expected no more, so that their pieces are free again."""

from datetime import datetime
from functools import partial

from functions.warehouse.returned import COMES_WITHIN, ExpectedReturn
from shared.events.shipment import ShipmentReturnLapsed
from shared.storage import Database, Transaction

AT_ONCE = 100
PER_RUN = 2_000


def lapse_returns(db: Database, now: datetime) -> None:
    """Let lapse what has been expected for longer than COMES_WITHIN, each in a transaction against its receipt."""
    for _ in range(PER_RUN // AT_ONCE):
        due = db.query(
            ExpectedReturn, status="expected", order_by="expected_at", until=now - COMES_WITHIN, limit=AT_ONCE
        )
        for expected in due.items:
            db.transact(partial(_lapse, return_id=expected.return_id, now=now))
        if due.next_cursor is None:
            return


def _lapse(tx: Transaction, return_id: str, now: datetime) -> None:
    expected = tx.get(ExpectedReturn, return_id)
    if expected is None or expected.status != "expected":
        return
    expected.status, expected.lapsed_at = "lapsed", now
    tx.put(expected)
    tx.emit(
        ShipmentReturnLapsed(
            order_id=expected.order_id,
            return_id=return_id,
            customer_id=expected.customer_id,
            expected_at=expected.expected_at,
        ),
        now,
    )
