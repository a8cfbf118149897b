"""POST /warehouse/shipments: the old checkout tells the warehouse what goes where."""

from datetime import datetime

from functions.legacy_checkout.answers import ShipmentDetails, ShipmentTaken
from functions.legacy_checkout.bodies import ShipmentCall
from functions.legacy_checkout.gathering import hear
from functions.legacy_checkout.old_services import Asked, OldServices
from shared.calls import Calls
from shared.settings import Settings
from shared.storage import Database


def take_shipment(
    command: ShipmentCall, db: Database, call: Calls, old: OldServices, settings: Settings, now: datetime
) -> ShipmentTaken:
    """Keep what it tells; shipments are planned by warehouse, once the order is taken in."""

    def ours() -> ShipmentTaken:
        hear(db, call, settings, "warehouse", command.order_id, command.facts(), now)
        return ShipmentTaken(
            shipment_details=ShipmentDetails(order_id=command.order_id, tracking_id=command.tracking_id)
        )

    return old.beside(db, now, Asked("warehouse", "POST /shipments", body=command, answers=201), ours)
