"""Events that a batch committed and could not publish leave in the next turn: nobody emits them again."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import pytest

from shared.errors import Unavailable
from shared.events.envelope import Envelope, Event
from shared.manifest import Subscription
from shared.messaging.embedded import Broker, PushResult
from shared.messaging.embedded.batches import Batches
from shared.messaging.publisher import Message
from shared.storage import Document, Transaction
from shared.storage.durability import current_scope
from shared.storage.sqlite import SqliteDatabase
from shared.values.clock import utc_now
from tests.shared.messaging.embedded.conftest import to_order_events
from tests.shared.messaging.embedded.rows import INVOICE, NOTIFY, message


class Drafted(Event):
    type: ClassVar[str] = "order.held"
    order_id: str


class Draft(Document):
    collection = "drafts"
    key_field = "order_id"
    order_id: str


class Drafting:
    """Drafts each order once, and emits that it did; `spoils`: the batch of its first push does not settle."""

    def __init__(self, database: SqliteDatabase, *, spoils: bool = False) -> None:
        self.database, self.spoils = database, spoils
        self.heard: list[str] = []

    def __call__(self, subscription: Subscription, _: bytes, attributes: dict[str, str]) -> PushResult:
        if subscription != INVOICE:
            self.heard.append(attributes["ce-id"])
            return PushResult(204)

        def draft(tx: Transaction) -> None:
            if tx.get(Draft, attributes["order"]) is None:
                tx.put(Draft(order_id=attributes["order"]))
                tx.emit(Drafted(order_id=attributes["order"]), utc_now())

        self.database.transact(draft)
        present = current_scope()
        assert present is not None
        if self.spoils:
            self.spoils = False
            present.spoil(Unavailable("another database could not commit"))
        return PushResult(204)


@pytest.fixture
def broker(open_broker: Callable[..., Broker]) -> Broker:
    return open_broker(rows=[INVOICE, NOTIFY.model_copy(update={"types": frozenset({"order.held"})})])


@pytest.fixture
def database(database_of: Callable[[str], SqliteDatabase]) -> SqliteDatabase:
    return database_of("accounting")


def test_what_a_batch_that_did_not_settle_had_committed_leaves_in_the_next_turn(
    broker: Broker, database: SqliteDatabase
) -> None:
    drafting = Drafting(database, spoils=True)
    batches = Batches(broker, drafting, to_order_events)
    broker.publish([message(order="one")])

    with pytest.raises(Unavailable, match="nothing of the batch may count"):
        batches.turn()
    assert (database.get(Draft, "one"), database.outstanding()) == (Draft(order_id="one"), 1)
    while batches.turn():
        pass

    assert len(drafting.heard) == 1
    assert (database.outstanding(), broker.backlog()) == (0, 0)


def test_what_could_not_be_published_leaves_in_the_next_turn_though_its_deliveries_are_acknowledged(
    broker: Broker, database: SqliteDatabase
) -> None:
    drafting, failures = Drafting(database), iter([1])

    def messages_of(events: Sequence[Envelope]) -> list[Message]:
        if next(failures, None):
            raise Unavailable("the broker's disk is full")
        return to_order_events(events)

    batches = Batches(broker, drafting, messages_of)
    broker.publish([message(order="one")])

    assert batches.turn() == 1
    assert (database.outstanding(), broker.backlog(), drafting.heard) == (1, 0, [])
    batches.turn()
    batches.turn()

    assert len(drafting.heard) == 1
    assert (database.outstanding(), broker.backlog()) == (0, 0)


def test_an_event_that_can_never_be_published_is_tried_once_more_and_holds_up_no_other(
    broker: Broker, database: SqliteDatabase
) -> None:
    drafting, tried = Drafting(database), []

    def messages_of(events: Sequence[Envelope]) -> list[Message]:
        tried.append([event.subject for event in events])
        if "poison" in tried[-1]:
            raise LookupError("no such topic")
        return to_order_events(events)

    batches = Batches(broker, drafting, messages_of)
    broker.publish([message(order="poison")])
    batches.turn()
    broker.publish([message(order="one")])
    while batches.turn():
        pass

    assert tried == [["poison"], ["poison"], ["one"]]
    assert len(drafting.heard) == 1
    assert database.outstanding() == 1, "the relay's, after thirty seconds"


def test_an_event_is_published_again_only_when_its_database_is_safe(
    broker: Broker, database: SqliteDatabase, monkeypatch: Any
) -> None:
    drafting = Drafting(database, spoils=True)
    batches = Batches(broker, drafting, to_order_events)
    broker.publish([message(order="one")])
    with pytest.raises(Unavailable):
        batches.turn()
    published_at_sync: list[int] = []
    sync = database.file.sync
    monkeypatch.setattr(database.file, "sync", lambda: (published_at_sync.append(broker.backlog()), sync())[1])

    batches.turn()

    assert published_at_sync[0] == 1, "only the delivery that comes again"
