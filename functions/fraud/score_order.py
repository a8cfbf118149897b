"""POST /api/score: may this order go on, must a person look at it, or not? Keyed by order."""

from datetime import datetime

from pydantic import Field

from functions.fraud import velocity
from functions.fraud.history import History, Row
from functions.fraud.rules import AmountRule, Place, Rules, rules
from functions.fraud.score import Assessment, DecisionRecord, Inputs, assess, reaches
from functions.fraud.transaction import CUSTOMERS_KEPT, DECISIONS, ORDERS_KEPT, customer_partition, order_partition
from shared.http.models import Command
from shared.values.address import Address
from shared.values.clock import Timestamp
from shared.values.identifiers import CustomerId, OrderId, Sku
from shared.values.money import Money
from shared.values.personal import Email, PersonalText

EARLIER_ORDERS = 20


class ScoreOrder(Command):
    """What is known of an order before money moves; only order, e-mail and total must be."""

    order_id: OrderId
    email: Email
    total: Money
    customer_id: CustomerId | None = None
    customer_since: Timestamp | None = None
    skus: tuple[Sku, ...] = Field(default=(), max_length=1000)
    shipping_address: Address | None = None
    billing_address: Address | None = None
    card_fingerprint: str | None = Field(default=None, min_length=1, max_length=100)
    card_country: str | None = Field(default=None, min_length=2, max_length=2)
    ip: PersonalText | None = Field(default=None, max_length=64)
    user_agent: str | None = Field(default=None, max_length=1000)
    session_id: str | None = Field(default=None, max_length=200)
    placed_at: Timestamp | None = None


def score_order(command: ScoreOrder, history: History, now: datetime) -> Assessment:
    """Score an order once; asked again, give the stored decision. Of two that ask at once, the first stored wins."""
    place = order_partition(command.order_id), "decision"
    stored = history.get(*place) or _decide(command, history, place, now)
    return DecisionRecord.model_validate(stored.values).assessment


def _decide(command: ScoreOrder, history: History, place: tuple[str, str], now: datetime) -> Row:
    """Count the order first, then decide: of several that come at once for one e-mail, each sees the others."""
    table = rules()
    own = velocity.attempts(command.order_id, _places(command), now)
    history.put_all(own)
    inputs = _inputs(command, velocity.counts(history, own, table.velocity, now), table, history, now)
    record = DecisionRecord(inputs=inputs, assessment=assess(inputs, table))
    written = record.model_dump(mode="json", exclude_none=True)
    row = Row(*place, now, written, DECISIONS, command.total, now + ORDERS_KEPT)
    if history.put_once(row):
        return row
    return history.get(*place) or row


def _places(command: ScoreOrder) -> dict[Place, str | None]:
    address = command.shipping_address
    return {
        "email": command.email,
        "card": command.card_fingerprint,
        "address": "|".join(" ".join(line.split()).casefold() for line in _lines(address)) if address else None,
        "ip": command.ip,
    }


def _lines(address: Address) -> tuple[str, ...]:
    return address.street_address, address.zip_code, address.country


def _inputs(command: ScoreOrder, counts: dict[str, int], table: Rules, history: History, now: datetime) -> Inputs:
    earlier = _earlier_totals(command, table, history, now)
    same = [amount for amount in earlier or () if amount.currency == command.total.currency]
    return Inputs(
        email_domain=command.email.rpartition("@")[2],
        total=command.total,
        billing_country=command.billing_address.country if command.billing_address else None,
        shipping_country=command.shipping_address.country if command.shipping_address else None,
        card_country=command.card_country,
        first_order=earlier == [] and reaches(table.first_order, command.total),
        skus=command.skus,
        earlier_orders=len(same),
        highest_earlier=max(same, default=None),
        counts=counts,
    )


def _earlier_totals(command: ScoreOrder, table: Rules, history: History, now: datetime) -> list[Money] | None:
    """Return what the customer's newest orders came to; None, not read, if no rule on them applies to the total."""
    asking: list[AmountRule] = [table.first_order, *([table.beyond_history] if table.beyond_history else [])]
    if not any(reaches(rule, command.total) for rule in asking):
        return None
    rows = history.rows(customer_partition(command.email), now - CUSTOMERS_KEPT, EARLIER_ORDERS)
    return [Money.of(row.values["total"]["amount"], row.values["total"]["currency"]) for row in rows]
