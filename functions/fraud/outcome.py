"""What became of an order: a chargeback for fraud, or what a reviewer thought."""

from datetime import datetime
from typing import Literal

from functions.fraud.history import History, Row
from functions.fraud.transaction import ORDERS_KEPT, order_partition

Source = Literal["chargeback", "review"]
SOURCES: tuple[Source, ...] = ("chargeback", "review")
"""In the order of their weight: what the bank says counts more than what a reviewer thought."""


def outcome_row(order_id: str, source: Source, outcome: Literal["fraud", "good"], at: datetime) -> Row:
    """Return the row of what one source said of an order."""
    place = order_partition(order_id), f"outcome.{source}"
    return Row(*place, at, {"outcome": outcome}, expires_at=at + ORDERS_KEPT)


def is_fraud(history: History, order_id: str) -> bool | None:
    """Say whether an order turned out to be a fraud; None if nobody said anything."""
    for source in SOURCES:
        row = history.get(order_partition(order_id), f"outcome.{source}")
        if row is not None:
            return bool(row.values["outcome"] == "fraud")
    return None
