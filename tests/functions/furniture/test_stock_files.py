"""The ERP's stock files: applied row by row, once, whatever crashes; refused rows are reported by line and field."""

from datetime import datetime, timedelta

import pytest

from functions.furniture import stock_file, stock_file_work
from functions.furniture.finish_stock_files import finish_stock_files
from functions.furniture.get_stock import get_stock
from functions.furniture.get_stock_file import get_stock_file
from functions.furniture.outstanding import outstanding
from functions.furniture.report_control_totals import report_control_totals
from functions.furniture.stock_file import StockFileChunk, StockFileReport
from functions.furniture.stock_file_rows import RefusedRow, UploadStockFile, read
from functions.furniture.stock_file_work import keep, step
from functions.furniture.upload_stock_file import upload_stock_file
from shared.errors import BadRequest, IllegalTransition, Invalid, NotFound
from shared.http.models import Caller
from shared.stock.movements import Movement
from shared.stock.stock import Stock
from shared.storage import Database
from tests.functions.furniture.examples import CHAIR, SOFA, reserve

HEAD = "sku,location,counted,unit_cost"


def upload(db: Database, now: datetime, *lines: str, file_id: str = "erp-1") -> StockFileReport:
    return upload_stock_file(UploadStockFile(csv="\n".join(lines)), file_id, db, Caller("operator"), now)


def on_hand(db: Database, sku: str) -> list[int]:
    return [each.on_hand for each in get_stock(sku, db).locations]


def unexplained(db: Database, now: datetime) -> list[int]:
    totals = report_control_totals(db, now).totals
    return [totals[name] for name in ("stock_unexplained", "value_unexplained", "reserved_unexplained")]


def test_each_row_sets_a_location_right(db: Database, now: datetime, emitted):
    told = len(emitted(db))
    report = upload(
        db,
        now,
        HEAD,
        f"{CHAIR},newark-us,990,",
        f"{CHAIR},reno-us,1010,120.00",
        f"{SOFA},venlo-nl,1000,",
        f"{SOFA},reno-us,1001,",
    )
    assert report.model_dump(exclude={"uploaded_at", "finished_at"}) == {
        "file_id": "erp-1",
        "status": "done",
        "rows": 4,
        "applied": 3,
        "unchanged": 1,
        "refused": 0,
        "items": [],
        "next_cursor": None,
    }
    assert (on_hand(db, CHAIR), on_hand(db, SOFA)) == ([990, 1010, 1000], [1000, 1001, 1000])
    received, adjusted = emitted(db)[told:]
    assert (received.type, received.data["quantity"], received.data["unit_cost"]["amount"]) == (
        "furniture.received",
        10,
        "120.00",
    )
    assert (adjusted.type, adjusted.data["reason"], adjusted.data["by"]) == (
        "furniture.adjusted",
        "counted",
        "operator",
    )
    assert [(line["sku"], line["location"], line["delta"]) for line in adjusted.data["lines"]] == [
        (CHAIR, "newark-us", -10),
        (SOFA, "reno-us", 1),
    ]
    # 3000 chairs at 98.50, less 10 of them, and 10 at 120.00: 294,515.00 + 1,200.00
    assert db.get(Stock, f"{CHAIR}.0").value_minor == 29_571_500
    assert unexplained(db, now) == [0, 0, 0]


def test_refused_rows_are_reported_by_line_and_field_and_keep_no_other_back(db: Database, now: datetime):
    reserve(db, now, lines=[{"sku": CHAIR, "quantity": 3}])
    report = upload(
        db,
        now,
        HEAD,
        "6E92ZMYYFZ,newark-us,5,",
        f"{CHAIR},paris-fr,-1,abc",
        f"{CHAIR},reno-us,2,",
        "",
        f"{CHAIR},newark-us,7",
        f"{SOFA},newark-us,900,",
        f"{SOFA},newark-us,901,",
        f"{SOFA},reno-us,1000001,0.00",
    )
    assert (report.rows, report.applied, report.unchanged, report.refused) == (7, 1, 0, 6)
    products = "FURN-001, FURN-002, FURN-003, FURN-004, FURN-005, FURN-006"
    cost = "expected more than 0.00 and at most 1000000.00, such as 98.50"
    count = "expected a whole number from 0 to 1000000"
    assert [(row.line, row.field, row.message) for row in report.items] == [
        (2, "sku", f"expected a freight product: {products}"),
        (3, "location", "expected one of newark-us, reno-us, venlo-nl"),
        (3, "counted", count),
        (3, "unit_cost", cost),
        (4, "counted", "expected at least 3: so many are held for orders there"),
        (6, "row", "expected 4 cells, got 3"),
        (8, "sku", "line 7 has it at this location already"),
        (9, "counted", count),
        (9, "unit_cost", cost),
    ]
    assert (on_hand(db, CHAIR), on_hand(db, SOFA)) == ([1000, 1000, 1000], [900, 1000, 1000])


def test_the_same_file_again_changes_nothing_though_stock_has_moved_on(db: Database, now: datetime, emitted):
    first = upload(db, now, HEAD, f"{CHAIR},newark-us,990,")
    upload(db, now, HEAD, f"{CHAIR},newark-us,980,", file_id="erp-2")
    told = len(emitted(db))
    assert upload(db, now, HEAD, f"{CHAIR},newark-us,990,") == first
    assert (on_hand(db, CHAIR)[0], len(emitted(db))) == (980, told)
    with pytest.raises(IllegalTransition):
        upload(db, now, HEAD, f"{CHAIR},newark-us,991,")


@pytest.mark.parametrize("commits", [0, 1, 2, 3])
@pytest.mark.parametrize("how", ["schedule", "uploaded again"])
def test_a_file_cut_off_anywhere_is_finished_and_no_row_applied_twice(
    db: Database, now: datetime, emitted, monkeypatch: pytest.MonkeyPatch, commits: int, how: str
):
    monkeypatch.setattr(stock_file_work, "CHUNK", 3)
    monkeypatch.setattr(stock_file_work, "MOST_WRITES", 9)  # two rows
    lines = [f"{sku},{place},{900 + n}," for n, sku in enumerate((CHAIR, SOFA)) for place in ("newark-us", "venlo-nl")]
    text = UploadStockFile(csv="\n".join([HEAD, *lines, "NOPE,reno-us,1,"]))
    keep(db, "erp-1", text, "operator", now)
    for number in range(commits):
        db.transact(lambda tx, n=number: step(tx, "erp-1", n // 2, now))
    assert outstanding(db) == {"stock_files": 1}
    if how == "schedule":
        finish_stock_files(db, now + timedelta(seconds=59))
        assert get_stock_file("erp-1", db).status == "running"
        finish_stock_files(db, now + timedelta(minutes=1))
    else:
        upload_stock_file(text, "erp-1", db, Caller("operator"), now)
    report = get_stock_file("erp-1", db)
    assert (report.status, report.rows, report.applied, report.refused) == ("done", 5, 4, 1)
    assert (on_hand(db, CHAIR), on_hand(db, SOFA)) == ([900, 1000, 900], [901, 1000, 901])
    changed = [line for event in emitted(db) if event.type == "furniture.adjusted" for line in event.data["lines"]]
    assert [line["delta"] for line in changed] == [-100, -100, -99, -99]
    assert len([1 for each in db.query(Movement, limit=100).items if each.kind == "adjustment"]) == 4
    assert outstanding(db) == {"stock_files": 0}
    assert unexplained(db, now) == [0, 0, 0]


def test_a_large_file_is_worked_through_and_its_refusals_come_in_pages(db: Database, now: datetime):
    wrong = [f"NOPE-{number},newark-us,1,1.00" for number in range(1000)]
    report = upload(db, now, HEAD, *wrong, f"{CHAIR},newark-us,5,")
    assert (report.rows, report.applied, report.refused) == (1001, 1, 1000)
    pages: list[list[RefusedRow]] = [report.items]
    cursor = report.next_cursor
    while cursor:
        page = get_stock_file("erp-1", db, cursor)
        pages.append(page.items)
        cursor = page.next_cursor
    assert [len(page) for page in pages] == [stock_file.CHUNK] * 5
    assert [row.line for page in pages for row in page] == list(range(2, 1002))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("sku;location;counted\nFURN-001;newark-us;1", "expected a first line of sku,location,counted,unit_cost"),
        ("sku,location\nFURN-001,newark-us", "expected a first line"),
        ("sku,location,counted,colour\n", "expected a first line"),
        ("sku,location,counted,counted\n", "expected a first line"),
        ('sku,location,counted\n"FURN-001,newark-us,1', "line 2 is no CSV"),
        ("sku,location,counted\n" + "x\n" * 20_001, "expected at most 20000 rows"),
    ],
    ids=["semicolons", "a column too few", "an unknown column", "a column twice", "an open quote", "too many rows"],
)
def test_what_is_no_such_file_is_refused_as_a_whole(db: Database, now: datetime, text: str, says: str):
    with pytest.raises(Invalid, match=says):
        upload(db, now, text)
    with pytest.raises(NotFound):
        get_stock_file("erp-1", db)


def test_rows_are_kept_for_a_quarter_and_what_became_of_them_for_good(db: Database, now: datetime, emitted):
    lines = (HEAD, f"{CHAIR},newark-us,990,", f"{CHAIR},atlantis,5,")
    first = upload(db, now, *lines)
    quarter = now + timedelta(days=92)
    finish_stock_files(db, quarter)
    assert get_stock_file("erp-1", db) == first
    assert db.aggregate(StockFileChunk).count == 1

    told, moved = len(emitted(db)), db.aggregate(Movement).count
    finish_stock_files(db, quarter + timedelta(seconds=1))
    assert db.aggregate(StockFileChunk).count == 0
    report = upload(db, quarter + timedelta(days=1), *lines)
    assert (report.status, report.rows, report.applied, report.refused) == ("done", 2, 1, 1)
    assert (report.items, report.next_cursor) == ([], None)
    assert (len(emitted(db)), db.aggregate(Movement).count) == (told, moved), "the id still means the same file"
    with pytest.raises(IllegalTransition, match="another content"):
        upload(db, quarter + timedelta(days=1), HEAD, f"{CHAIR},newark-us,989,")
    assert on_hand(db, CHAIR)[0] == 990


def test_columns_may_come_in_any_order_and_the_cost_may_be_left_out():
    right, refused = read("Counted, LOCATION ,sku\r\n7,newark-us,FURN-001\r\n")
    assert refused == []
    assert [(row.line, row.sku, row.counted, row.unit_cost_minor) for row in right] == [(2, "FURN-001", 7, None)]


@pytest.mark.parametrize("cost", ["1e99999999", "NaN", "12.345", "1,5", "-1.00", "\u0661.00", "1000000.01"])
def test_what_is_no_amount_of_dollars_is_refused(cost: str):
    (row,) = read(f'sku,location,counted,unit_cost\nFURN-001,newark-us,7,"{cost}"')[1]
    assert row.field == "unit_cost"


def test_a_file_is_utf_8_with_or_without_a_mark():
    assert UploadStockFile.from_csv("\ufeffsku".encode()).csv == "sku"
    with pytest.raises(BadRequest):
        UploadStockFile.from_csv(b"\xff\xfe")
