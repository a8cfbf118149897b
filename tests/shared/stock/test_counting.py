"""A count sets the books of a location right: its differences are one adjustment, and nothing held is counted away."""

from datetime import datetime

import pytest

from shared.errors import Invalid
from shared.stock.counting import CountStock, StockCount, count
from shared.stock.levels import level
from shared.storage import Database
from tests.shared.stock.examples import JAR, MUG, NEWARK, RENO, ledger, reserved, stocked, usd
from tests.shared.stock.stories import unexplained

BOOK = ledger()


@pytest.fixture
def shelves(db: Database, now: datetime) -> None:
    """In Newark ten mugs at 2.50, four of them held, and six jars at 1.00; two mugs in Reno."""
    stocked(db, BOOK, now, (MUG, NEWARK, 10, "2.50"), (JAR, NEWARK, 6, "1.00"), (MUG, RENO, 2, "2.50"))
    reserved(db, BOOK, "ord_1", {MUG: 4}, now)


def counted(db: Database, now: datetime, *lines: tuple[str, int], book=BOOK, count_id="cnt_1", **changed) -> StockCount:
    parts = [{"sku": sku, "counted": pieces} for sku, pieces in lines]
    command = CountStock.model_validate({"location": NEWARK, "by": "joe", "lines": parts, **changed})
    return db.transact(lambda tx: count(tx, book, count_id, command, now))


def test_the_differences_are_one_adjustment(db: Database, shelves: None, now: datetime, emitted):
    told = len(emitted(db))
    answer = counted(db, now, (MUG, 8), (JAR, 7))
    assert answer.model_dump() == {
        "count_id": "cnt_1",
        "location": NEWARK,
        "adjustment_id": "adj_cnt_1",
        "lines": [
            {"sku": MUG, "expected": 10, "counted": 8, "delta": -2, "value": usd("-5.00").as_json()},
            {"sku": JAR, "expected": 6, "counted": 7, "delta": 1, "value": usd("1.00").as_json()},
        ],
    }
    (event,) = emitted(db)[told:]
    assert (event.type, event.data["reason"], event.data["by"]) == ("inventory.adjusted", "counted", "joe")
    assert [(line["sku"], line["delta"]) for line in event.data["lines"]] == [(MUG, -2), (JAR, 1)]
    assert [each.on_hand for each in level(db, BOOK, MUG).locations] == [8, 2, 0]
    assert unexplained(db, BOOK, now) == {}


def test_lines_as_expected_adjust_nothing(db: Database, shelves: None, now: datetime, emitted):
    told = len(emitted(db))
    answer = counted(db, now, (MUG, 10), (JAR, 6))
    assert (answer.adjustment_id, [line.delta for line in answer.lines]) == (None, [0, 0])
    assert len(emitted(db)) == told
    counted(db, now, (MUG, 10), (JAR, 5), count_id="cnt_2")
    assert [line["sku"] for line in emitted(db)[-1].data["lines"]] == [JAR]


def test_what_is_held_for_orders_may_just_be_there(db: Database, shelves: None, now: datetime):
    assert counted(db, now, (MUG, 4)).lines[0].delta == -6
    assert level(db, BOOK, MUG).available == 2  # those in Reno


def test_fewer_than_are_held_is_refused_by_line_and_nothing_is_written(
    db: Database, shelves: None, now: datetime, emitted
):
    told = len(emitted(db))
    with pytest.raises(Invalid) as refused:
        counted(db, now, (JAR, 5), (MUG, 3))
    assert refused.value.extra["errors"] == [
        {
            "field": "lines.1.counted",
            "message": "expected at least 4: so many MUG are held for orders at newark-us; "
            "pick short what is not there first",
        }
    ]
    assert level(db, BOOK, JAR).on_hand == 6
    assert len(emitted(db)) == told


def test_every_wrong_field_is_named(db: Database, now: datetime):
    with pytest.raises(Invalid) as refused:
        counted(db, now, ("FURN-001", 1), (MUG, 1), (MUG, 2), location="paris-fr")
    assert [each["field"] for each in refused.value.extra["errors"]] == ["lines.0.sku", "lines.2.sku", "location"]


def test_a_count_takes_from_and_adds_to_shards(db: Database, now: datetime):
    book = ledger(shards=3)
    stocked(db, book, now, (MUG, NEWARK, 10, "2.50"))
    reserved(db, book, "ord_1", {MUG: 2}, now)
    assert counted(db, now, (MUG, 3), book=book).lines[0].value == usd("-17.50")
    assert counted(db, now, (MUG, 30), book=book, count_id="cnt_2").lines[0].value == usd("67.50")
    assert (level(db, book, MUG).on_hand, level(db, book, MUG).reserved) == (30, 2)
    assert unexplained(db, book, now) == {}
