"""POST /api/outcomes: what became of an order that was, or might have been, a fraud. Keyed by order and source."""

from typing import Literal

from functions.fraud.history import History, Row
from functions.fraud.transaction import order_partition
from shared.http.models import Answer, Command
from shared.values.clock import Timestamp
from shared.values.identifiers import OrderId

Source = Literal["chargeback", "review"]
SOURCES: tuple[Source, ...] = ("chargeback", "review")
"""In the order of their weight: what the bank says counts more than what a reviewer thought."""


class RecordOutcome(Command):
    """A chargeback for fraud, or a person's decision about a held order (`good` approved, `fraud` rejected)."""

    order_id: OrderId
    outcome: Literal["fraud", "good"]
    source: Source
    occurred_at: Timestamp


class OutcomeAnswer(Answer):
    """Which order is remembered."""

    order_id: OrderId


def record_outcome(command: RecordOutcome, history: History) -> OutcomeAnswer:
    """Remember it; the first of a source stays."""
    values = {"outcome": command.outcome}
    history.put_once(Row(order_partition(command.order_id), f"outcome.{command.source}", command.occurred_at, values))
    return OutcomeAnswer(order_id=command.order_id)


def is_fraud(history: History, order_id: str) -> bool | None:
    """Say whether an order turned out to be a fraud; None if nobody said anything."""
    for source in SOURCES:
        row = history.get(order_partition(order_id), f"outcome.{source}")
        if row is not None:
            return bool(row.values["outcome"] == "fraud")
    return None
