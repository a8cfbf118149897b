"""What the tests of the Firestore adapter sell, and a wire that loses answers."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from shared.events.envelope import Event
from shared.storage.database import Database, Transaction
from shared.storage.documents import Document, Index
from shared.storage.firestore import FirestoreDatabase
from shared.storage.firestore_wire import FirestoreWire, OutcomeUnknown
from shared.values.clock import Timestamp

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


Open = Callable[..., FirestoreDatabase]


class Stock(Document):
    collection = "stock"
    key_field = "sku"
    sku: str
    left: int


class Sale(Document):
    collection = "sales"
    key_field = "order_id"
    indexes: ClassVar[tuple[Index, ...]] = (
        Index("sku", "at", sums=("pieces", "net")),
        Index("sku"),
        Index("at"),
    )
    ttl_field = "forgotten_at"
    order_id: str
    sku: str
    pieces: int = 1
    net: int | None = None
    weight: float = 1.5
    at: Timestamp = NOW
    forgotten_at: Timestamp | None = None


class Handled(Document):
    collection = "handled_records"
    token: str
    key_field = "token"


class Sold(Event):
    type: ClassVar[str] = "stock.sold"
    order_id: str


class SoldOut(Exception):
    """What the work raises; not one of our errors, whose list is generated from its classes."""


def put(database: Database, *documents: Document) -> None:
    database.transact(lambda tx: [tx.put(each) for each in documents])


def sell(database: Database, sku: str, order_id: str, pieces: int = 1) -> int:
    """Sell once per order, never more than there is; returns what is left."""

    def work(tx: Transaction) -> int:
        stock = tx.get(Stock, sku)
        assert stock is not None
        if tx.get(Handled, order_id) is not None:
            return -1
        if stock.left < pieces:
            raise SoldOut
        stock.left -= pieces
        tx.put(stock)
        tx.create(Sale(order_id=order_id, sku=sku, pieces=pieces))
        tx.put(Handled(token=order_id))
        tx.emit(Sold(order_id=order_id), NOW)
        return stock.left

    return database.transact(work)


class LosesAnswers:
    """A wire whose first commits (`lost`) get no answer; whether they take place is told by `arrives`."""

    def __init__(self, wire: FirestoreWire, *, arrives: bool, lost: int = 1, then: Callable[[], object] = int) -> None:
        self._wire, self._arrives, self._lost, self._then = wire, arrives, lost, then
        self.commits = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._wire, name)

    def commit(self, writes: Sequence[Any]) -> None:
        self.commits += 1
        if self.commits > self._lost:
            return self._wire.commit(writes)
        if self._arrives:
            self._wire.commit(writes)
        self._then()
        raise OutcomeUnknown("connection lost")


def later() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=11)
