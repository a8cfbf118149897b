"""Which Database adapter this process uses; opened on first use, one per service and process."""

from threading import Lock

from shared.events.envelope import Envelope
from shared.manifest import topics
from shared.settings import Settings
from shared.storage.database import Database
from shared.storage.instances import Instance, LocalInstance
from shared.storage.sqlite import SqliteDatabase
from shared.telemetry.trace import current_traceparent

_opening = Lock()
_databases: dict[tuple[Settings, str], SqliteDatabase] = {}
_instances: dict[Settings, LocalInstance] = {}


def connect(service: str, settings: Settings) -> Database:
    """Return this process's database of a service.

    (or of an outside party that the laptop plays, such as its gateway).
    """
    key = (settings, service)
    with _opening:
        if key not in _databases:
            path = settings.data / f"{service}.db"
            _databases[key] = SqliteDatabase(
                path, service, _instance(settings), current_traceparent, sequence_of=_sequence
            )
        return _databases[key]


def _sequence(event: Envelope) -> str:
    return topics().sequence(event.type, event.subject)


def instance(settings: Settings) -> Instance:
    """Return what names this process in leases and outbox rows."""
    with _opening:
        return _instance(settings)


def _instance(settings: Settings) -> Instance:
    if settings not in _instances:
        _instances[settings] = LocalInstance(settings.data / "instances")
    return _instances[settings]


def close_all() -> None:
    """Close every database of this process and end its instance: others may take over what it left."""
    with _opening:
        for database in _databases.values():
            database.close()
        _databases.clear()
        for each in _instances.values():
            each.close()
        _instances.clear()


def flush_all() -> None:
    """Delete sent outbox rows that no commit has deleted yet, in every database of this process."""
    for database in list(_databases.values()):
        database.flush()
