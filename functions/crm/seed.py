"""Opening customers of an empty database: one of each tier by opening spend, and one who is blocked."""

from datetime import datetime

from functions.crm.customer import register
from shared.storage import Transaction
from shared.values.money import Money

OPENING_SPEND = {
    "bronze": Money("USD", 0),
    "silver": Money("USD", 750_00),
    "gold": Money("USD", 2_400_00),
    "platinum": Money("USD", 6_200_00),
}
"""Twelve months' spend before the books open. No points: those are earned on delivery."""


def seed(tx: Transaction, now: datetime) -> None:
    """Register bronze@, silver@, gold@, platinum@ and blocked@example.com, each with its event."""
    for name, spend in OPENING_SPEND.items():
        register(tx, now, email=f"{name}@example.com", first_name=name.capitalize(), last_name="Customer", spend=spend)
    register(
        tx,
        now,
        email="blocked@example.com",
        first_name="Blocked",
        last_name="Customer",
        standing="blocked",
        standing_reason="opening data: an unpaid chargeback",
    )
