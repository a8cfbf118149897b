"""GET /payments?order_id=: what moved on the customer's card for an order, oldest first."""

from typing import Literal

from functions.payment.authorization import Authorization
from functions.payment.capture import Capture
from shared.http.models import Answer, Items
from shared.storage import Database
from shared.values.clock import Timestamp
from shared.values.identifiers import OrderId
from shared.values.money import Money


class Payment(Answer):
    """One movement or attempt; `at` is when it came into this status."""

    type: Literal["authorization", "capture", "void", "refund"]
    amount: Money
    status: str
    at: Timestamp
    shipment_id: str | None = None
    decline_code: str | None = None


class Payments(Items):
    """An order's payments."""

    items: list[Payment]


def list_payments(order_id: OrderId, db: Database, cursor: str | None = None) -> Payments:
    """List the authorization, then its void, then up to 100 captures a page; nothing for an unknown order."""
    captures = db.query(Capture, order_id=order_id, order_by="asked_at", cursor=cursor)
    held = db.get(Authorization, order_id) if cursor is None else None
    found = [*(_of_authorization(held) if held else []), *map(_of_capture, captures.items)]
    return Payments(items=sorted(found, key=lambda payment: payment.at), next_cursor=captures.next_cursor)


def _of_authorization(held: Authorization) -> list[Payment]:
    if held.amount is None:
        return []
    asked = Payment(
        type="authorization",
        amount=held.amount,
        status=held.state,
        at=held.authorized_at or held.ended_at or held.asked_at,
        decline_code=held.decline_code,
    )
    if held.voided_at is None or not held.voided_minor:
        return [asked]
    freed = Money(held.amount.currency, held.voided_minor)
    return [asked, Payment(type="void", amount=freed, status="voided", at=held.voided_at)]


def _of_capture(capture: Capture) -> Payment:
    return Payment(
        type="capture",
        amount=capture.amount,
        status=capture.state,
        at=capture.captured_at or capture.failed_at or capture.asked_at,
        shipment_id=capture.shipment_id,
        decline_code=capture.decline_code,
    )
