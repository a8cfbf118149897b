"""order.approved, order.rejected, payment.charged_back: tell fraud, which no event reaches, how an order turned out."""

from typing import Literal

from shared.calls.port import Calls
from shared.events import Envelope
from shared.events.order import OrderApproved, OrderRejected
from shared.events.payment import PaymentChargedBack
from shared.http.models import Command, Receipt, View
from shared.storage import Database
from shared.values.clock import Timestamp
from shared.values.identifiers import OrderId

_NO_PERSON = {"fraud", "system"}
_FOR_FRAUD = {"fraud", "fraudulent", "unauthorized"}
"""What banks call a chargeback because the cardholder did not buy; others say nothing about fraud."""


class Outcome(Command):
    """The body of fraud's `POST /api/outcomes`; the first outcome of a source stays."""

    order_id: OrderId
    outcome: Literal["fraud", "good"]
    source: Literal["chargeback", "review"]
    occurred_at: Timestamp


class Taken(View):
    """Fraud's answer."""

    order_id: OrderId


def tell_fraud_outcome(
    event: OrderApproved | OrderRejected | PaymentChargedBack,
    envelope: Envelope,
    db: Database,
    call: Calls,
    receipt: Receipt,
) -> None:
    """Tell what a person or a bank found, not what fraud's own score or the clock decided; CallFailed to be retried."""
    found = _found(event)
    if found is not None:
        outcome, source = found
        body = Outcome(order_id=event.order_id, outcome=outcome, source=source, occurred_at=envelope.time)
        call.post("fraud", "/api/outcomes", body, Taken)
    db.transact(receipt.record, deferrable=True)


def _found(
    event: OrderApproved | OrderRejected | PaymentChargedBack,
) -> tuple[Literal["fraud", "good"], Literal["chargeback", "review"]] | None:
    if isinstance(event, PaymentChargedBack):
        return ("fraud", "chargeback") if event.reason.lower() in _FOR_FRAUD else None
    if event.by in _NO_PERSON:
        return None
    return ("good" if isinstance(event, OrderApproved) else "fraud"), "review"
