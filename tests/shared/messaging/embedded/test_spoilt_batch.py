"""A batch that can't settle comes again with nothing kept back, so that one delivery holds up no other."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from shared.errors import Unavailable
from shared.manifest import Subscription
from shared.messaging.embedded import Broker, PushResult
from shared.messaging.embedded.batches import Batches
from shared.messaging.letters import send_letters
from shared.messaging.publisher import Message
from shared.storage import Document, Transaction
from shared.storage.durability import current_scope
from shared.storage.sqlite import SqliteDatabase
from tests.shared.messaging.embedded.rows import INVOICE, STATE, message


class Draft(Document):
    collection = "drafts"
    key_field = "order_id"
    order_id: str


def test_a_delivery_that_can_never_commit_fails_alone_and_its_attempts_count(
    open_broker: Callable[..., Broker], database_of: Callable[[str], SqliteDatabase], clock: Any
):
    broker, database = open_broker(rows=[INVOICE]), database_of("accounting")
    database.transact(lambda tx: tx.put(Draft(order_id="taken")))

    def push(_: Subscription, __: bytes, attributes: dict[str, str]) -> PushResult:
        order_id = attributes["order"]

        def draft(tx: Transaction) -> None:
            """Look before creating, but for the one that is taken: that shows only when it is committed."""
            if order_id == "taken" or tx.get(Draft, order_id) is None:
                tx.create(Draft(order_id=order_id))

        try:
            database.transact(draft, deferrable=True)
        except Unavailable as error:
            return PushResult(503, error.code)
        return PushResult(204)

    batches = Batches(broker, push, lambda events: [])
    broker.publish([message(order=each) for each in ("one", "two", "taken")])
    with pytest.raises(Unavailable, match="could not be committed"):
        batches.turn()
    assert broker.backlog() == 3
    assert batches.turn() == 3
    assert [database.get(Draft, each) is not None for each in ("one", "two")] == [True, True]
    assert broker.backlog() == 1
    assert broker.subscriptions_report(clock())[0]["retried"] == 1


def test_the_batch_after_one_that_settled_keeps_back_again(broker: Broker):
    kept_back: list[bool] = []

    def push(*_: Any) -> PushResult:
        present = current_scope()
        assert present is not None
        kept_back.append(present.gathers)
        if len(kept_back) == 1:
            present.spoil(Unavailable("the disk is full"))
        return PushResult(204)

    batches = Batches(broker, push, lambda events: [])
    broker.publish([message(topic="shipment-events")])
    with pytest.raises(Unavailable, match="nothing of the batch may count"):
        batches.turn()
    batches.turn()
    broker.publish([message(topic="shipment-events")])
    batches.turn()
    assert (kept_back, broker.backlog()) == ([True, False, True], 0)


def test_a_dead_letter_of_a_batch_that_does_not_settle_is_there_once(broker: Broker):
    """It leaves in the commit that acknowledges its delivery, so the batch that comes again brings the only one."""
    letters, pushed = Letters(broker), []

    def push(*_: Any) -> PushResult:
        present = current_scope()
        assert present is not None
        pushed.append(1)
        send_letters([Message(f"{STATE.name}.dead-letter", b"{}", {"subscription": STATE.name})], letters)
        if len(pushed) == 1:
            present.spoil(Unavailable("the disk is full"))
        return PushResult(204)

    batches = Batches(broker, push, lambda events: [])
    broker.publish([message(topic="shipment-events")])
    with pytest.raises(Unavailable, match="nothing of the batch may count"):
        batches.turn()
    assert broker.dead_letters() == []

    assert batches.turn() == 1

    assert [letter["subscription"] for letter in broker.dead_letters()] == [STATE.name]
    assert (letters.published, broker.backlog()) == (0, 0)


def test_outside_a_batch_a_dead_letter_leaves_at_once(broker: Broker):
    letters = Letters(broker)

    send_letters([Message(f"{STATE.name}.dead-letter", b"{}", {"subscription": STATE.name})], letters)

    assert (letters.published, len(broker.dead_letters())) == (1, 1)


class Letters:
    """The broker's door; counts who comes through it."""

    def __init__(self, broker: Broker) -> None:
        self.broker, self.published = broker, 0

    def publish(self, messages: Sequence[Message]) -> list[str]:
        self.published += 1
        return self.broker.publish(messages)
