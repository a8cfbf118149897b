"""Facts in every order of arrival make the same life; only impossible ones are refused."""

from itertools import permutations

import pytest

from functions.order_management.causality import EXCLUDES, FOLLOWS, RANK, keep
from functions.order_management.get_order import get_order
from functions.order_management.order import Fact, Order
from shared.errors import NotFound, Undeliverable
from shared.events import Envelope, event_class
from shared.manifest import service_row
from shared.storage.durability import scope
from shared.storage.sqlite import SqliteDatabase
from tests.functions.order_management.stories import (
    ORDER,
    START,
    action_required,
    captured,
    confirmed,
    delivered,
    dispatched,
    hear,
    held,
    planned,
    refused,
    stopped,
    told,
    usd,
)

TWO_SHIPMENTS = [
    told(confirmed(), 0),
    told(dispatched(1), 10),
    told(dispatched(2), 11),
    told(captured(1), 12),
    told(delivered(1), 20),
    told(delivered(2), 21),
]
AUTHENTICATED = [
    told(action_required(), 0),
    told(confirmed(), 1),
    told(planned(1), 5),
    told(planned(2), 5, "evt_005b"),
    told(dispatched(2), 10),
    told(delivered(2), 20),
]


def as_kept(db: SqliteDatabase) -> dict[str, object]:
    order = db.get(Order, ORDER)
    assert order is not None
    return order.model_dump()


@pytest.mark.parametrize("story", [TWO_SHIPMENTS, AUTHENTICATED], ids=["two_shipments", "authenticated"])
def test_every_order_of_arrival_and_every_duplicate_leaves_the_same_document(
    story: list[Envelope], db: SqliteDatabase
) -> None:
    """All 720 permutations run in one database, each as an order of its own; one scope makes them durable together."""
    documents = []
    with scope(lambda _: None):
        for number, arrival in enumerate(permutations(story)):
            for envelope in (*arrival, arrival[number % 6]):
                hear_as(db, envelope, f"ord_{number:04d}")
    for number in range(720):
        order_id = f"ord_{number:04d}"
        order = db.get(Order, order_id)
        assert order is not None
        documents.append(order.model_copy(update={"order_id": ORDER}))
    assert all(document == documents[0] for document in documents)


def hear_as(db: SqliteDatabase, envelope: Envelope, order_id: str) -> None:
    hear(db, envelope.model_copy(update={"data": {**envelope.data, "order_id": order_id}}))


def test_a_told_story_ends_delivered_with_its_history_in_causal_order(db: SqliteDatabase) -> None:
    for envelope in reversed(TWO_SHIPMENTS):
        hear(db, envelope)
    answer = get_order(ORDER, db)
    assert answer.status == "delivered"
    assert [(entry.type, entry.at.minute, entry.shipment_id and entry.shipment_id[-1]) for entry in answer.history] == [
        ("order.confirmed", 0, None),
        ("shipment.dispatched", 10, "1"),
        ("shipment.dispatched", 11, "2"),
        ("payment.captured", 12, "1"),
        ("shipment.delivered", 20, "1"),
        ("shipment.delivered", 21, "2"),
    ]
    assert answer.total == usd("110.00")
    assert answer.payments.captured == usd("22.00")
    assert [(line.sku, line.quantity, line.dispatched, line.delivered) for line in answer.lines] == [
        ("MUG-1", 2, 2, 2),
        ("CHAIR-1", 1, 1, 1),
    ]
    assert {shipment.status for shipment in answer.shipments} == {"delivered"}
    assert as_kept(db)["delivered_at"] == TWO_SHIPMENTS[-1].time


@pytest.mark.parametrize(
    ("heard", "status"),
    [
        ([action_required()], "requires_action"),
        ([action_required(), refused(action_was_required=True)], "cancelled"),
        ([refused(action_was_required=True), action_required()], "cancelled"),
        ([action_required(), confirmed()], "confirmed"),
        ([held()], "held"),
        ([confirmed(), planned(1), planned(2)], "confirmed"),
        ([confirmed(), dispatched(1)], "partially_dispatched"),
        ([confirmed(), dispatched(1), delivered(1)], "partially_dispatched"),
        ([confirmed(), dispatched(1), delivered(1), dispatched(2)], "dispatched"),
        ([confirmed(), dispatched(1), stopped(2)], "partially_dispatched"),
    ],
)
def test_the_status_follows_from_what_was_heard(db: SqliteDatabase, heard: list[object], status: str) -> None:
    for minute, event in enumerate(heard):
        hear(db, told(event, minute))  # type: ignore[arg-type]
    assert get_order(ORDER, db).status == status


def test_an_early_fact_is_kept_unseen_until_the_order_is_known(db: SqliteDatabase) -> None:
    hear(db, told(delivered(1), 20))
    with pytest.raises(NotFound):
        get_order(ORDER, db)
    hear(db, told(confirmed(), 0))
    assert get_order(ORDER, db).status == "confirmed"
    assert [entry.type for entry in get_order(ORDER, db).history] == ["order.confirmed"]
    hear(db, told(dispatched(1), 10))
    assert get_order(ORDER, db).status == "partially_dispatched"
    assert [entry.type for entry in get_order(ORDER, db).history][-1] == "shipment.delivered"


def test_a_shipment_of_a_held_order_waits_for_the_approval(db: SqliteDatabase) -> None:
    hear(db, told(dispatched(1), 10))
    hear(db, told(held(), 0))
    answer = get_order(ORDER, db)
    assert (answer.status, len(answer.history), answer.shipments) == ("held", 1, [])


def test_the_same_shipment_told_under_another_event_id_counts_once(db: SqliteDatabase) -> None:
    for envelope in (told(confirmed(), 0), told(dispatched(1), 10), told(dispatched(1), 11, "evt_again")):
        hear(db, envelope)
    assert get_order(ORDER, db).lines[0].dispatched == 2


@pytest.mark.parametrize(
    ("first", "impossible"),
    [
        (confirmed(), held()),
        (held(), confirmed()),
        (confirmed(), refused()),
        (refused(), held()),
        (refused(), dispatched(1)),
        (stopped(1), dispatched(1)),
        (dispatched(1), stopped(1)),
        (delivered(1), stopped(1)),
    ],
)
def test_what_cannot_be_true_is_undeliverable_and_changes_nothing(
    db: SqliteDatabase, first: object, impossible: object
) -> None:
    hear(db, told(first, 0))  # type: ignore[arg-type]
    before = as_kept(db)
    with pytest.raises(Undeliverable, match="contradicts"):
        hear(db, told(impossible, 1))  # type: ignore[arg-type]
    assert as_kept(db) == before


def test_a_rejected_order_can_neither_ship_nor_be_charged() -> None:
    rejected = Fact(type="order.rejected", id="evt_1", at=START)
    for type_ in ("shipment.dispatched", "shipment.delivered", "payment.captured", "order.confirmed"):
        with pytest.raises(Undeliverable):
            keep((rejected,), Fact(type=type_, id="evt_2", at=START, shipment_id="shp_1"))
    assert len(keep((rejected,), Fact(type="payment.voided", id="evt_3", at=START, amount_minor=1))) == 2


def test_every_type_that_is_heard_or_published_has_its_place() -> None:
    row = service_row("order_management")
    heard = {type_ for name in row.functions for type_ in row.functions[name].event}
    assert set(RANK) == heard | set(row.publishes)
    assert all(event_class(type_) for type_ in RANK)
    assert all(RANK[cause] < RANK[effect] for effect, causes in FOLLOWS.items() for cause in causes)
    assert all(one in EXCLUDES[other] for one, others in EXCLUDES.items() for other in others)
