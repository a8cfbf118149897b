"""POST /api/transactions: remember a confirmed order. Keyed by order: the first to be told stays."""

from pydantic import Field

from functions.fraud.history import History
from functions.fraud.rules import Decision
from functions.fraud.transaction import transaction_rows
from shared.http.models import Answer, Command
from shared.values.clock import Timestamp
from shared.values.identifiers import OrderId, Sku
from shared.values.money import Money
from shared.values.personal import Email


class SoldLine(Command):
    """So many pieces of a product, and what they came to."""

    sku: Sku
    quantity: int = Field(ge=1)
    total: Money


class RecordTransaction(Command):
    """A confirmed order, and when it was: what was bought, for how much and whereto, but nobody's name or street."""

    order_id: OrderId
    email: Email
    total: Money
    decision: Decision
    occurred_at: Timestamp
    lines: tuple[SoldLine, ...] = Field(default=(), max_length=1000)
    billing_country: str | None = Field(default=None, min_length=2, max_length=2)
    shipping_country: str | None = Field(default=None, min_length=2, max_length=2)


class TransactionAnswer(Answer):
    """Which order is remembered."""

    order_id: OrderId


def record_transaction(command: RecordTransaction, history: History) -> TransactionAnswer:
    """Remember the order; a repeat changes nothing."""
    kept = {"decision", "lines", "billing_country", "shipping_country"}
    values = command.model_dump(mode="json", include=kept, exclude_none=True)
    history.put_all(transaction_rows(command.order_id, command.email, command.total, command.occurred_at, values))
    return TransactionAnswer(order_id=command.order_id)
