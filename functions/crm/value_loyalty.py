"""Every day: count the points that customers hold, so that the books can carry them as a liability."""

from datetime import datetime

from functions.crm.loyalty import POINT_VALUE
from functions.crm.purchases import Purchase
from functions.crm.valuations import Valuation
from shared.events.customer import CustomerLoyaltyValued
from shared.storage import Database, Transaction


def value_loyalty(db: Database, now: datetime) -> None:
    """Publish the sum once a day, and only when it is not the last one published."""
    points = db.aggregate(Purchase, sums=["points"], order_by="next_expiry").sums["points"]
    valuation = Valuation(valuation_id=f"val_{now.date()}", points=points, valued_at=now)

    def publish(tx: Transaction) -> None:
        last = tx.query(Valuation, order_by="valued_at", descending=True, limit=1).items
        if tx.get(Valuation, valuation.valuation_id) is not None or points == (last[0].points if last else 0):
            return
        tx.create(valuation)
        value = POINT_VALUE * points
        event = CustomerLoyaltyValued(valuation_id=valuation.valuation_id, points=points, value=value, valued_at=now)
        tx.emit(event, now)

    db.transact(publish)
