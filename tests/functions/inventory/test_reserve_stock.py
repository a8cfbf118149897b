"""POST /reservations, as checkout sends it, and what follows."""

from datetime import datetime, timedelta

import pytest
from pydantic import ValidationError

from functions.inventory.expire_reservations import expire_reservations
from functions.inventory.firm_reservation import firm_reservation
from functions.inventory.get_reservation import get_reservation
from functions.inventory.get_stock import get_stock
from functions.inventory.ledger import LEDGER
from functions.inventory.release_reservation import release_reservation
from functions.inventory.reserve_stock import reserve_stock
from shared.errors import NotFound, OutOfStock, ReservationExpired, StepCancelled, UnknownSku
from shared.stock.commands import ReleaseReservation, ReserveStock
from shared.stock.reservations import ReservationAnswer
from shared.storage import Database, Document

MUG, WATCH = "6E92ZMYYFZ", "1YMWWN1N4O"


def reserve(db: Database, now: datetime, order_id: str = "ord_1", **changed) -> ReservationAnswer:
    body = {
        "order_id": order_id,
        "lines": [{"sku": MUG, "quantity": 2}, {"sku": WATCH, "quantity": 1}],
        "destination": {"country": "US", "state": "CA", "zip_code": "94043"},
    }
    command = ReserveStock.model_validate({**body, **changed})
    return db.transact(lambda tx: reserve_stock(command, tx, now))


def test_holds_the_goods_for_15_minutes_at_the_nearest_location(db: Database, now: datetime, emitted):
    seeded = len(emitted(db))
    answer = reserve(db, now)
    assert answer.model_dump(mode="json") == {
        "order_id": "ord_1",
        "state": "pending",
        "expires_at": "2026-11-20T08:15:00.000000Z",
        "lines": [
            {
                "sku": MUG,
                "quantity": 2,
                "picks": [{"location": "reno-us", "quantity": 2, "unit_cost": {"currency": "USD", "amount": "2.40"}}],
            },
            {
                "sku": WATCH,
                "quantity": 1,
                "picks": [{"location": "reno-us", "quantity": 1, "unit_cost": {"currency": "USD", "amount": "46.00"}}],
            },
        ],
    }
    (event,) = emitted(db)[seeded:]
    assert (event.type, event.subject, event.time) == ("inventory.reserved", "ord_1", now)
    assert event.data == {
        "order_id": "ord_1",
        "lines": [
            {"sku": MUG, "location": "reno-us", "quantity": 2},
            {"sku": WATCH, "location": "reno-us", "quantity": 1},
        ],
    }
    stock = get_stock(MUG, db)
    assert (stock.on_hand, stock.reserved, stock.available) == (3000, 2, 2998)


def test_the_same_request_again_holds_nothing_more(db: Database, now: datetime, emitted):
    first = reserve(db, now)
    events = len(emitted(db))
    assert reserve(db, now + timedelta(minutes=1)) == first == get_reservation("ord_1", db)
    assert get_stock(MUG, db).reserved == 2
    assert len(emitted(db)) == events


def test_lines_of_one_sku_add_up(db: Database, now: datetime):
    answer = reserve(db, now, lines=[{"sku": MUG, "quantity": 2}, {"sku": MUG, "quantity": 3}])
    assert [(line.sku, line.quantity) for line in answer.lines] == [(MUG, 5)]


def test_an_unknown_sku_is_named_and_furniture_is_unknown_here(db: Database, now: datetime):
    lines = [{"sku": sku, "quantity": 1} for sku in (MUG, "FURN-001", "NOPE")]
    with pytest.raises(UnknownSku) as refused:
        reserve(db, now, lines=lines)
    assert refused.value.extra == {"skus": ["FURN-001", "NOPE"]}
    assert get_stock(MUG, db).reserved == 0
    with pytest.raises(NotFound):
        get_stock("FURN-001", db)


def test_more_than_all_locations_have_is_refused(db: Database, now: datetime):
    with pytest.raises(OutOfStock) as refused:
        reserve(db, now, lines=[{"sku": MUG, "quantity": 3001}])
    assert refused.value.extra == {"lines": [{"sku": MUG, "requested": 3001, "available": 3000}]}


@pytest.mark.parametrize(
    "changed",
    [
        {"lines": []},
        {"lines": [{"sku": MUG, "quantity": 0}]},
        {"lines": [{"sku": "no such/sku", "quantity": 1}]},
        {"order_id": "1"},
        {"destination": {"country": "Atlantis", "zip_code": "1"}},
        {"surprise": 1},
    ],
)
def test_a_malformed_body_is_refused(db: Database, now: datetime, changed):
    with pytest.raises(ValidationError):
        reserve(db, now, **changed)


def test_paid_in_time_the_goods_stay_held(db: Database, now: datetime):
    reserve(db, now)
    firmed = firm_reservation("ord_1", db, now + timedelta(minutes=5))
    assert (firmed.state, firmed.expires_at) == ("firm", None)
    expire_reservations(db, now + timedelta(days=1))
    assert get_reservation("ord_1", db).state == "firm"


def test_not_paid_in_time_the_goods_are_for_sale_again(db: Database, now: datetime):
    reserve(db, now)
    expire_reservations(db, now + timedelta(minutes=15))
    assert get_stock(MUG, db).available == 3000
    with pytest.raises(ReservationExpired):
        firm_reservation("ord_1", db, now + timedelta(minutes=15))


def test_released_before_it_arrived_it_is_refused(db: Database, now: datetime):
    command = ReleaseReservation(reason="time-out")
    released = db.transact(lambda tx: release_reservation("ord_1", command, tx, now))
    assert released.model_dump() == {"order_id": "ord_1", "state": "released"}
    with pytest.raises(StepCancelled):
        reserve(db, now)
    assert get_stock(MUG, db).reserved == 0
    assert get_reservation("ord_1", db).lines == []


def test_an_order_without_reservation_is_not_found(db: Database):
    with pytest.raises(NotFound):
        get_reservation("ord_9", db)


def test_three_skus_cost_four_reads_four_writes_and_one_event(db: Database, now: datetime):
    lines = [{"sku": sku, "quantity": 1} for sku in (MUG, WATCH, "OLJCESPC7Z")]
    command = ReserveStock.model_validate(
        {"order_id": "ord_1", "lines": lines, "destination": {"country": "NL", "zip_code": "5911 AA"}}
    )
    counted = {"get": 0, "write": 0, "emit": 0}

    def work(tx):
        reserve_stock(command, Counting(tx, counted), now)

    db.transact(work)
    assert counted == {"get": 4, "write": 4, "emit": 1}


def test_what_a_process_remembers_of_another_database_is_forgotten(db: Database, now: datetime):
    LEDGER.known_shards[MUG] = 8
    reserve(db, now)
    assert (get_stock(MUG, db).reserved > 0, LEDGER.known_shards) == (True, {})


class Counting:
    """Passes everything on to a transaction and counts it."""

    def __init__(self, tx, counted: dict[str, int]) -> None:
        self.tx, self.counted = tx, counted

    def get(self, kind: type[Document], key: str):
        self.counted["get"] += 1
        return self.tx.get(kind, key)

    def put(self, document: Document) -> None:
        self.counted["write"] += 1
        self.tx.put(document)

    def create(self, document: Document) -> None:
        self.counted["write"] += 1
        self.tx.create(document)

    def emit(self, event, at: datetime) -> str:
        self.counted["emit"] += 1
        return self.tx.emit(event, at)
