"""Payment's intents without result."""

from functions.payment.authorization import Authorization
from functions.payment.capture import Capture
from functions.payment.refund import Refund
from shared.storage import Database


def outstanding(db: Database) -> dict[str, int]:
    """Count what nobody has written yet how it ended. What was refused and is asked again in days does not count."""
    return {
        "unknown_authorizations": db.aggregate(Authorization, state="asking").count,
        "unknown_voids": db.aggregate(Authorization, state="voiding").count,
        "unknown_captures": db.aggregate(Capture, state="capturing").count,
        "unknown_renewals": db.aggregate(Authorization, state="renewing").count,
        "unknown_refunds": db.aggregate(Refund, state="refunding").count,
    }
