"""POST /customers/{customer_id}/standing: a customer is good, to be watched, or blocked."""

from datetime import datetime

from pydantic import Field

from functions.crm.customer import Standing
from functions.crm.identity import known
from functions.crm.standings import stand
from shared.http.models import Answer, Command
from shared.storage import Transaction
from shared.values.clock import Timestamp
from shared.values.identifiers import CustomerId


class SetStanding(Command):
    """How the customer stands, who says so and why."""

    standing: Standing
    by: str = Field(min_length=1, max_length=100)
    reason: str = Field(min_length=1, max_length=500)


class StandingAnswer(Answer):
    """How the customer stands, since when, by whom and why."""

    customer_id: CustomerId
    standing: Standing
    by: str | None
    reason: str | None
    at: Timestamp | None


def set_standing(customer_id: CustomerId, command: SetStanding, tx: Transaction, now: datetime) -> StandingAnswer:
    """Keep who said what; the same said again changes nothing. NotFound for an unknown customer."""
    before = known(tx, customer_id)
    customer = stand(tx, before, command.standing, command.by, command.reason, now)
    if customer is not before:
        tx.put(customer)
    return StandingAnswer(
        customer_id=customer.customer_id,
        standing=customer.standing,
        by=customer.standing_by,
        reason=customer.standing_reason,
        at=customer.standing_at,
    )
