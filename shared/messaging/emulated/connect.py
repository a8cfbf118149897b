"""This process's ledger and publisher for Pub/Sub's emulator; opened on first use, anew in a forked child."""

import os
from threading import Lock

from shared.manifest import manifest
from shared.messaging.embedded.connect import broker_file
from shared.messaging.embedded.wakeups import wake_folder
from shared.messaging.emulated.ledger import Ledger
from shared.messaging.emulated.publisher import EmulatedPublisher
from shared.messaging.pubsub import PubSubPublisher
from shared.settings import Settings
from shared.values.clock import utc_now

_opening = Lock()
_ledgers: dict[tuple[Settings, int], Ledger] = {}


def connect_ledger(settings: Settings) -> Ledger:
    """Return this process's end of the estate's ledger."""
    key = (settings, os.getpid())
    with _opening:
        if key not in _ledgers:
            _ledgers[key] = Ledger(settings.data / "deliveries.db", manifest().subscriptions(), utc_now)
        return _ledgers[key]


def connect_emulated(settings: Settings) -> EmulatedPublisher:
    """Return a publisher to the emulator."""
    return EmulatedPublisher(PubSubPublisher(settings), connect_ledger(settings), wake_folder(broker_file(settings)))
