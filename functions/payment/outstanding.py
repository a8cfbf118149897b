"""Payment's intents without result."""

from functions.payment.authorization import Authorization
from functions.payment.capture import Capture
from shared.storage import Database


def outstanding(db: Database) -> dict[str, int]:
    """Count authorizations, voids and captures of which nobody has written yet how they ended."""
    return {
        "unknown_authorizations": db.aggregate(Authorization, state="asking").count,
        "unknown_voids": db.aggregate(Authorization, state="voiding").count,
        "unknown_captures": db.aggregate(Capture, state="capturing").count,
    }
