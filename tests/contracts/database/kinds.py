"""The documents and events that the rooms of the Database contract work with, and how they write and list them."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Protocol

import pytest

from shared.events.envelope import Envelope, Event
from shared.storage.database import Database, Transaction
from shared.storage.documents import Document, Index
from shared.values.clock import Timestamp
from shared.values.money import Money

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Counter(Document):
    collection = "counters"
    key_field = "name"
    name: str
    count: int = 0


class State(StrEnum):
    PENDING = "pending"
    FIRM = "firm"


class Hold(Document):
    collection = "holds"
    key_field = "order_id"
    indexes = (
        Index("state", "expires_at"),
        Index("state"),
        Index("warehouse", "urgent", "quantity"),
        Index("quantity"),
        Index("warehouse", sums=("quantity",)),
    )
    ttl_field = "expires_at"

    order_id: str
    state: State = State.PENDING
    warehouse: str | None = "north"
    urgent: bool = False
    quantity: int | None = 1
    expires_at: Timestamp | None = None
    price: Money = Money("USD", 1999)


class ParcelOfOldDays(Document):
    collection = "parcels"
    key_field = "parcel_id"
    parcel_id: str
    weight_kg: int


class Parcel(Document):
    collection = "parcels"
    key_field = "parcel_id"
    current_schema = 2
    parcel_id: str
    weight_g: int

    @classmethod
    def upgrade(cls, data: dict[str, Any]) -> dict[str, Any]:
        return {"parcel_id": data["parcel_id"], "weight_g": data["weight_kg"] * 1000}


class OrderPlaced(Event):
    type: ClassVar[str] = "order.placed"
    order_id: str
    total: Money = Money("USD", 1999)


class ParcelMoved(Event):
    """Of an ordered topic."""

    type: ClassVar[str] = "parcel.moved"
    subject_field: ClassVar[str] = "parcel_id"
    parcel_id: str
    to: str


def sequence_of(event: Envelope) -> str:
    """Put the events of one parcel in one sequence; what the adapter's database is opened with."""
    return f"parcel-events/{event.subject}" if event.type == ParcelMoved.type else ""


class OpenDatabase(Protocol):
    """Opens another handle on the same store, as another process would; closed when the test ends."""

    def __call__(self, *, clock: Callable[[], datetime] = ...) -> Database: ...


def put(database: Database, *documents: Document) -> None:
    def work(tx: Transaction) -> None:
        for document in documents:
            tx.put(document)

    database.transact(work)


def increment(database: Database, name: str) -> int:
    def work(tx: Transaction) -> int:
        counter = tx.get(Counter, name) or Counter(name=name)
        counter.count += 1
        tx.put(counter)
        return counter.count

    return database.transact(work)


def increment_often(database: Database, name: str, times: int) -> None:
    for _ in range(times):
        increment(database, name)


def in_another_thread(work: Callable[[], object]) -> None:
    with ThreadPoolExecutor(1) as other:
        other.submit(work).result()


def keys(database: Database, **asked: Any) -> list[str]:
    return [hold.order_id for hold in database.query(Hold, **asked).items]


def pages(database: Database, **asked: Any) -> Iterator[list[str]]:
    cursor: str | None = None
    while True:
        page = database.query(Hold, cursor=cursor, **asked)
        yield [hold.order_id for hold in page.items]
        cursor = page.next_cursor
        if cursor is None:
            return


class DatabaseRoom:
    """One room of the contract: what it tests is opened by the adapter."""

    @pytest.fixture
    def open_database(self) -> Iterator[OpenDatabase]:
        raise NotImplementedError("the adapter's test gives this")

    @pytest.fixture
    def database(self, open_database: OpenDatabase) -> Database:
        return open_database()

    @pytest.fixture
    def holds(self, database: Database) -> Database:
        """ord_0 to ord_9: even ones pending, odd ones firm; two expire each minute; ord_9 never expires."""
        put(
            database,
            *(
                Hold(
                    order_id=f"ord_{i}",
                    state=State.FIRM if i % 2 else State.PENDING,
                    expires_at=None if i == 9 else NOW + timedelta(minutes=i // 2),
                    warehouse="north" if i < 6 else "south",
                    urgent=i in (1, 2, 8),
                    quantity=None if i == 4 else 10 - i // 3,
                )
                for i in range(10)
            ),
        )
        return database
