"""Which Database adapter this process uses; opened on first use, one per service and process."""

import secrets
from threading import Lock
from typing import TYPE_CHECKING

from shared.events.envelope import Envelope
from shared.manifest import topics
from shared.settings import Settings
from shared.storage.database import Database
from shared.storage.instances import Instance, LeasedInstance, LocalInstance
from shared.telemetry.trace import current_traceparent

if TYPE_CHECKING:
    from shared.storage.firestore import FirestoreDatabase
    from shared.storage.sqlite import SqliteDatabase

_opening = Lock()
_databases: "dict[tuple[Settings, str], SqliteDatabase | FirestoreDatabase]" = {}
_instances: dict[Settings, LocalInstance | LeasedInstance] = {}


def connect(service: str, settings: Settings) -> Database:
    """Return this process's database of a service.

    (or of an outside party that the laptop plays, such as its gateway).
    """
    key = (settings, service)
    with _opening:
        if key not in _databases:
            in_a_file = settings.platform == "embedded" and not settings.firestore
            _databases[key] = _sqlite(service, settings) if in_a_file else _firestore(service, settings)
        return _databases[key]


def _sqlite(service: str, settings: Settings) -> "SqliteDatabase":
    from shared.storage.sqlite import SqliteDatabase  # noqa: PLC0415  (a process loads only the adapter it uses)

    path = settings.data / f"{service}.db"
    return SqliteDatabase(path, service, _instance(settings), current_traceparent, sequence_of=_sequence)


def _firestore(service: str, settings: Settings) -> "FirestoreDatabase":
    from shared.storage.firestore import FirestoreDatabase  # noqa: PLC0415  (Google's client takes 0.2 s to import)
    from shared.storage.firestore_wire import FirestoreWire  # noqa: PLC0415

    if settings.platform == "emulators" and not settings.firestore:
        raise ValueError("BOUTIQUE_FIRESTORE must say where the emulator listens; only the cloud uses Google's own")
    return FirestoreDatabase(
        FirestoreWire(settings.project, database_name(service, settings.database_prefix), settings.firestore),
        service,
        _instance(settings),
        current_traceparent,
        sequence_of=_sequence,
        keeps_running=settings.platform != "cloud",
    )


def database_name(service: str, prefix: str) -> str:
    """Return the name of a service's Firestore database: letters, digits and hyphens."""
    return f"{prefix}{service.replace('_', '-')}"


def _sequence(event: Envelope) -> str:
    return topics().sequence(event.type, event.subject)


def instance(settings: Settings) -> Instance:
    """Return what names this process in leases and outbox rows."""
    with _opening:
        return _instance(settings)


def _instance(settings: Settings) -> Instance:
    if settings not in _instances:
        on_cloud = settings.platform == "cloud"
        own = LeasedInstance(f"run-{secrets.token_hex(8)}") if on_cloud else LocalInstance(settings.data / "instances")
        _instances[settings] = own
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
