"""Confirmed orders as fraud remembers them: by order, by customer, and in a family that is summed."""

from datetime import datetime, timedelta
from typing import Any

from functions.fraud.history import Row
from functions.fraud.velocity import digest
from shared.values.money import Money

FAMILY = "transactions"
DECISIONS = "decisions"
"""The family of the decision records: the archive that backtests read."""
ORDERS_KEPT = timedelta(days=400)
"""Decisions and outcomes: backtests look back a year, and a chargeback comes up to 120 days after delivery."""
CUSTOMERS_KEPT = timedelta(days=3 * 365)
"""What a customer's orders came to: who comes back after longer counts as new."""


def order_partition(order_id: str) -> str:
    """Return where an order's decision and transaction are."""
    return f"order.{order_id}"


def customer_partition(email: str) -> str:
    """Return where the confirmed orders of an e-mail address are."""
    return f"customer.{digest(email)}"


def transaction_rows(order_id: str, email: str, total: Money, at: datetime, values: dict[str, Any]) -> list[Row]:
    """Return the rows of a confirmed order, all keyed by it. The order's own stays: control totals rest on it."""
    return [
        Row(order_partition(order_id), "transaction", at, values, FAMILY, total),
        Row(customer_partition(email), order_id, at, {"total": total.as_json()}, expires_at=at + CUSTOMERS_KEPT),
    ]
