"""POST /partner/tracking: a logistics partner saw a parcel; told to warehouse as a carrier's scan."""

from datetime import datetime

from pydantic import Field

from functions.legacy_checkout.answers import Tracked
from functions.legacy_checkout.gathered import GatheredOrder
from functions.legacy_checkout.old_services import Asked, OldServices
from functions.legacy_checkout.spoken import OldCall, our_id
from functions.legacy_checkout.warehouse_rows import ShipmentsView
from shared.calls import Calls
from shared.errors import Invalid
from shared.http.models import View
from shared.storage import Database
from shared.values.clock import Timestamp, rfc3339

STATUSES = {
    "label_created": "pre_transit",
    "picked_up": "in_transit",
    "shipped": "in_transit",
    "arrived": "in_transit",
    "failed": "exception",
    "delayed": "exception",
}
"""Words that partners use for those of carriers; others are taken as they come."""
WORDS = ("pre_transit", "in_transit", "out_for_delivery", "delivered", "exception", "returned")


class Sighting(OldCall):
    """Which parcel was seen, in what state, where and when. Without a time: now."""

    tracking_id: str = Field(min_length=4, max_length=50, pattern=r"^[0-9A-Za-z-]+$")
    status: str = Field(min_length=1, max_length=40)
    location: str | None = Field(default=None, max_length=100)
    timestamp: Timestamp | None = None


class Scanned(View):
    """warehouse's answer."""

    shipment_id: str


def follow_parcel(command: Sighting, db: Database, call: Calls, old: OldServices, now: datetime) -> Tracked:
    """Tell warehouse. The number may be ours, or the one that the old checkout gave the order: then of all that left.

    NotFound for a number that is neither; IllegalTransition if it is said to have arrived and never left.
    """

    def ours() -> Tracked:
        for number in (numbers := _numbers(command.tracking_id, db, call)):
            scan = {
                "tracking_number": number,
                "status": _word(command.status),
                "place": command.location,
                "scanned_at": rfc3339(command.timestamp or now),
            }
            call.post("warehouse", "/scans", scan, Scanned)
        return Tracked(tracking_id=command.tracking_id, shipments=len(numbers))

    return old.beside(db, now, Asked("partner", "POST /tracking", body=command), ours)


def _numbers(tracking_id: str, db: Database, call: Calls) -> list[str]:
    orders = db.query(GatheredOrder, tracking_id=tracking_id, limit=2).items
    if not orders:
        return [tracking_id]
    found = call.get("warehouse", "/shipments", ShipmentsView, order_id=our_id(orders[0].order_id)).items
    return [each.tracking_number for each in found if each.tracking_number]


def _word(status: str) -> str:
    said = status.strip().lower().replace(" ", "_").replace("-", "_")
    word = STATUSES.get(said, said)
    if word not in WORDS:
        raise Invalid(("status", f"expected one of {', '.join((*WORDS, *STATUSES))}"))
    return word
