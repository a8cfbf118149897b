"""The old checkout's raw messages on the shared topic, without attributes: one an order, with all of it."""

from datetime import datetime

from functions.legacy_checkout.bodies import OrderMessage
from functions.legacy_checkout.gathering import hear
from shared.calls import Calls
from shared.settings import Settings
from shared.storage import Database


def take_order_event(command: OrderMessage, db: Database, call: Calls, settings: Settings, now: datetime) -> None:
    """Keep what it tells; with the calls before or after it, it is one order. What is no order is dead-lettered."""
    command.checked()
    hear(db, call, settings, "event", command.order_id, command.facts(), now)
