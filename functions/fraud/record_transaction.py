"""POST /api/transactions: remember a confirmed order. Keyed by order: the first to be told stays."""

from pydantic import Field

from functions.fraud.history import History
from functions.fraud.rules import Decision
from functions.fraud.transaction import transaction_rows
from shared.http.models import Answer, Command
from shared.values.clock import Timestamp
from shared.values.identifiers import OrderId
from shared.values.money import Money
from shared.values.personal import Email


class RecordTransaction(Command):
    """A confirmed order, and when it was."""

    order_id: OrderId
    email: Email
    total: Money
    decision: Decision
    occurred_at: Timestamp
    card_fingerprint: str | None = Field(default=None, min_length=1, max_length=100)


class TransactionAnswer(Answer):
    """Which order is remembered."""

    order_id: OrderId


def record_transaction(command: RecordTransaction, history: History) -> TransactionAnswer:
    """Remember the order; a repeat changes nothing."""
    values = {"decision": command.decision, "card": command.card_fingerprint}
    history.put_all(transaction_rows(command.order_id, command.email, command.total, command.occurred_at, values))
    return TransactionAnswer(order_id=command.order_id)
