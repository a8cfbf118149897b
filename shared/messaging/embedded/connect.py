"""The embedded broker of this process's data folder: opened on first use, once per process, anew in a forked child."""

from pathlib import Path
from threading import Lock

from shared.manifest import manifest
from shared.messaging.embedded.broker import Broker
from shared.settings import Settings
from shared.storage.connect import instance
from shared.values.clock import utc_now

_opening = Lock()
_brokers: dict[tuple[Settings, str], Broker] = {}


def broker_file(settings: Settings) -> Path:
    """Return the broker's file."""
    return settings.data / "broker.db"


def connect_broker(settings: Settings) -> Broker:
    """Return this process's end of the broker, with every subscription that the rows ask for."""
    own = instance(settings)
    key = (settings, own.id)
    with _opening:
        if key not in _brokers:
            rows = manifest()
            _brokers[key] = Broker(
                broker_file(settings),
                rows.subscriptions(),
                own.id,
                utc_now,
                topics=rows.topics.topics,
                is_gone=lambda other: own.is_gone(other, utc_now(), utc_now()),
            )
        return _brokers[key]


def close_brokers() -> None:
    """Close every broker of this process, giving back its leases; deliverers are stopped before."""
    with _opening:
        for broker in _brokers.values():
            broker.close()
        _brokers.clear()
