"""The embedded broker of this process's data folder; opened on first use, one per process."""

from threading import Lock

from shared.manifest import manifest
from shared.messaging.embedded.broker import Broker
from shared.settings import Settings
from shared.storage.connect import instance
from shared.values.clock import utc_now

_opening = Lock()
_brokers: dict[Settings, Broker] = {}


def connect_broker(settings: Settings) -> Broker:
    """Return this process's end of the broker, with every subscription that the rows ask for."""
    own = instance(settings)
    with _opening:
        if settings not in _brokers:
            rows = manifest()
            _brokers[settings] = Broker(
                settings.data / "broker.db",
                rows.subscriptions(),
                own.id,
                utc_now,
                topics=rows.topics.topics,
                is_gone=lambda other: own.is_gone(other, utc_now(), utc_now()),
            )
        return _brokers[settings]
