"""Opening data: each service's `seed`, once in an empty data folder, in one transaction with its marker."""

from importlib import import_module
from importlib.util import find_spec
from typing import ClassVar

from shared.http.service import Service
from shared.settings import Settings
from shared.storage import Document, Transaction
from shared.storage.connect import connect
from shared.storage.durability import scope
from shared.values.clock import Timestamp, utc_now


class Seeded(Document):
    """The mark that a service has its opening data."""

    collection: ClassVar[str] = "seeded"
    key_field: ClassVar[str] = "name"

    name: str = "opening"
    at: Timestamp


def seed(service: str, settings: Settings) -> bool:
    """Seed a service that wants it and has not been; returns whether this call did it."""
    module = f"functions.{service}.seed"
    if not find_spec(module):
        return False
    now = utc_now()
    fill = import_module(module).seed

    def work(tx: Transaction) -> bool:
        if tx.get(Seeded, "opening") is not None:
            return False
        fill(tx, now)
        tx.put(Seeded(at=now))
        return True

    with scope(Service(service, settings).publish):
        return connect(service, settings).transact(work)
