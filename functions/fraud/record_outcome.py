"""POST /api/outcomes: what became of an order that was, or might have been, a fraud. Keyed by order and source."""

from typing import Literal

from functions.fraud.history import History
from functions.fraud.outcome import Source, outcome_row
from shared.http.models import Answer, Command
from shared.values.clock import Timestamp
from shared.values.identifiers import OrderId


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
    history.put_once(outcome_row(command.order_id, command.source, command.outcome, command.occurred_at))
    return OutcomeAnswer(order_id=command.order_id)
