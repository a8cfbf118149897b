"""GET /payments?order_id=: what moved on the customer's card for an order, oldest first."""

from functions.payment.authorization import Authorization
from functions.payment.capture import Capture
from functions.payment.chargeback import Chargeback
from functions.payment.payment_answer import (
    PaymentAnswer,
    of_authorization,
    of_capture,
    of_chargeback,
    of_owed_back,
    of_refund,
)
from functions.payment.prepayment import OwedBack
from functions.payment.refund import Refund
from shared.http.models import Items
from shared.storage import Database
from shared.values.identifiers import OrderId


class Payments(Items):
    """An order's payments."""

    items: list[PaymentAnswer]


def list_payments(order_id: OrderId, db: Database, cursor: str | None = None) -> Payments:
    """List authorization, void, refunds and chargebacks (100 at most), and up to 100 captures a page.

    Nothing for an unknown order.
    """
    captures = db.query(Capture, order_id=order_id, order_by="asked_at", cursor=cursor)
    found = [*(_others(db, order_id) if cursor is None else []), *_captures(captures.items)]
    return Payments(items=sorted(found, key=lambda payment: payment.at), next_cursor=captures.next_cursor)


def _captures(found: list[Capture]) -> list[PaymentAnswer]:
    """Leave out what was applied of a prepayment, which is shown whole."""
    return [of_capture(each) for each in found if not each.prepaid]


def _others(db: Database, order_id: str) -> list[PaymentAnswer]:
    held = db.get(Authorization, order_id)
    if held is None:
        return []
    refunds = db.query(Refund, order_id=order_id, order_by="asked_at").items
    chargebacks = db.query(Chargeback, order_id=order_id, order_by="charged_back_at").items
    owed = []
    if held.state in ("prepaid", "owed_back"):
        owed = db.query(OwedBack, order_id=order_id, order_by="owed_at").items
    others = (*map(of_refund, refunds), *map(of_owed_back, owed), *map(of_chargeback, chargebacks))
    return [*of_authorization(held), *others]
