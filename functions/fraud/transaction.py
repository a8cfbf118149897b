"""Confirmed orders as fraud remembers them: by order, by customer, and in a family that is summed."""

from datetime import datetime
from typing import Any

from functions.fraud.history import Row
from functions.fraud.velocity import digest
from shared.values.money import Money

FAMILY = "transactions"
DECISIONS = "decisions"
"""The family of the decision records: the archive that backtests read."""


def order_partition(order_id: str) -> str:
    """Return where an order's decision and transaction are."""
    return f"order.{order_id}"


def customer_partition(email: str) -> str:
    """Return where the confirmed orders of an e-mail address are."""
    return f"customer.{digest(email)}"


def transaction_rows(order_id: str, email: str, total: Money, at: datetime, values: dict[str, Any]) -> list[Row]:
    """Return the rows of a confirmed order, all keyed by it."""
    return [
        Row(order_partition(order_id), "transaction", at, values, FAMILY, total),
        Row(customer_partition(email), order_id, at, {"total": total.as_json()}),
    ]
