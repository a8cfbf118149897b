"""Asking again for a capture that the gateway refused."""

from datetime import datetime

from functions.payment.authorization import Authorization
from functions.payment.capture import Capture
from functions.payment.gateway import Gateway
from functions.payment.renewal import has_lapsed, renew
from functions.payment.settlement import existing, finish_capture
from shared.storage import Database, Transaction


def retry_capture(db: Database, gateway: Gateway, capture: Capture, now: datetime) -> Capture:
    """Ask for a failed or owed capture once more, under a new key; whatever else it is stays as it is.

    GatewayError with the intent standing, or Unavailable while a renewal has no answer.
    """
    held = db.get(Authorization, capture.order_id)
    if capture.state in ("failed", "owed") and gateway.capabilities.reauthorization and has_lapsed(held, now):
        renew(db, gateway, capture.order_id, now)
    capturing = db.transact(lambda tx: _intend(tx, capture.shipment_id, now))
    return finish_capture(db, gateway, capturing, now) if capturing.state == "capturing" else capturing


def _intend(tx: Transaction, shipment_id: str, now: datetime) -> Capture:
    capture = tx.get(Capture, shipment_id)
    assert capture is not None  # captures are never deleted
    authorization = existing(tx, capture.order_id)
    if capture.state not in ("failed", "owed") or authorization.state in ("renewing", "voiding"):
        return capture
    capturing = capture.model_copy(
        update={
            "state": "capturing",
            "attempts": capture.attempts + 1,
            "asked_at": now,
            "renewed_as": authorization.renewed_as,
        }
    )
    tx.put(capturing)
    tx.put(authorization.model_copy(update={"capturing_minor": authorization.capturing_minor + capture.amount_minor}))
    return capturing
