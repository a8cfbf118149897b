"""POST /prepayments: an order comes in whose payment another checkout took. Keyed by order: a repeat adds nothing."""

from datetime import datetime

from pydantic import Field

from functions.payment.authorization import Authorization
from functions.payment.payment_answer import PaymentAnswer
from functions.payment.prepayment import Prepayment
from shared.errors import IllegalTransition, Invalid
from shared.events.payment import PaymentPrepaid
from shared.events.priced_order import ExchangeRate
from shared.http.models import Command
from shared.storage import Transaction
from shared.values.identifiers import OrderId
from shared.values.money import Money


class RecordPrepayment(Command):
    """What was taken, by which gateway and under which of its numbers; whose sale it is, and at which rate."""

    order_id: OrderId
    amount: Money
    gateway: str = Field(pattern=r"^[a-z][a-z0-9_-]{1,30}$")
    payment_id: str = Field(min_length=1, max_length=100)
    seller: str | None = None
    exchange_rate: ExchangeRate | None = None


def record_prepayment(command: RecordPrepayment, tx: Transaction, now: datetime) -> PaymentAnswer:
    """Note it once; no gateway is asked. IllegalTransition if the order has a payment of ours, Invalid if none."""
    if command.amount.minor <= 0:
        raise Invalid(("amount", "expected more than nothing"))
    known = tx.get(Prepayment, command.order_id)
    if known is None:
        if tx.get(Authorization, command.order_id) is not None:
            raise IllegalTransition(f"{command.order_id} is paid through a gateway of ours")
        known = _written(tx, command, now)
    return PaymentAnswer(
        type="capture",
        amount=Money(known.currency, known.amount_minor),
        status="captured",
        at=known.prepaid_at,
    )


def _written(tx: Transaction, command: RecordPrepayment, now: datetime) -> Prepayment:
    what = {
        "order_id": command.order_id,
        "gateway": command.gateway,
        "payment_id": command.payment_id,
        "currency": command.amount.currency,
        "amount_minor": command.amount.minor,
    }
    prepayment = Prepayment(**what, prepaid_at=now, seller=command.seller, exchange_rate=command.exchange_rate)
    tx.create(prepayment)
    tx.put(Authorization(**what, state="prepaid", asked_at=now))
    tx.emit(
        PaymentPrepaid(
            order_id=command.order_id,
            payment_id=command.payment_id,
            amount=command.amount,
            gateway=command.gateway,
            seller=command.seller,
            exchange_rate=command.exchange_rate,
        ),
        now,
    )
    return prepayment
