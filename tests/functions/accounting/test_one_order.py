"""One order through the books, every figure; and the same books in whatever order its events come."""

from collections.abc import Callable
from datetime import datetime
from itertools import permutations

from functions.accounting.list_entries import list_entries
from shared.events import Envelope
from shared.storage import Database
from tests.functions.accounting import one_order as o
from tests.functions.accounting.bookkeeping import entries, invoices, tell, trial_balance

STORY = [
    o.told(o.mugs_received(), "evt_01"),
    o.told(o.sofas_received(), "evt_02"),
    o.told(o.confirmed(), "evt_03", 1),
    o.told(o.dispatched(o.PARCEL), "evt_04", 2),
    o.told(o.mugs_committed(), "evt_05", 3),
    o.told(o.captured(o.PARCEL), "evt_06", 4),
    o.told(o.dispatched(o.FREIGHT), "evt_07", 5),
    o.told(o.sofa_committed(), "evt_08", 6),
    o.told(o.captured(o.FREIGHT), "evt_09", 7),
    o.told(o.delivered(o.PARCEL), "evt_10", 8),
    o.told(o.delivered(o.FREIGHT), "evt_11", 9),
]
BALANCE_AT_THE_END = {
    "bank_clearing:sandbox": ("607.52", "0.00"),
    "contract_liabilities": ("566.46", "566.46"),
    "cost_of_sales": ("217.00", "0.00"),
    "goods_in_transit": ("217.00", "217.00"),
    "goods_received": ("0.00", "455.00"),
    "inventory": ("455.00", "217.00"),
    "output_tax": ("0.00", "41.06"),
    "receivables": ("607.52", "607.52"),
    "revenue_goods": ("0.00", "501.47"),
    "revenue_shipping": ("0.00", "64.99"),
}
PARCEL_ENTRIES = {
    ("evt_04.invoice.USD", "shipment.dispatched", "receivables", "24.05", "0.00"),
    ("evt_04.invoice.USD", "shipment.dispatched", "contract_liabilities", "0.00", "22.43"),
    ("evt_04.invoice.USD", "shipment.dispatched", "output_tax", "0.00", "1.62"),
    ("evt_05.issue.USD", "inventory.committed", "goods_in_transit", "7.00", "0.00"),
    ("evt_05.issue.USD", "inventory.committed", "inventory", "0.00", "7.00"),
    ("evt_06.capture.USD", "payment.captured", "bank_clearing:sandbox", "24.05", "0.00"),
    ("evt_06.capture.USD", "payment.captured", "receivables", "0.00", "24.05"),
    ("evt_10.revenue.USD", "shipment.delivered", "contract_liabilities", "22.43", "0.00"),
    ("evt_10.revenue.USD", "shipment.delivered", "revenue_goods", "0.00", "17.44"),
    ("evt_10.revenue.USD", "shipment.delivered", "revenue_shipping", "0.00", "4.99"),
    ("evt_05.cost_of_sales.USD", "inventory.committed", "cost_of_sales", "7.00", "0.00"),
    ("evt_05.cost_of_sales.USD", "inventory.committed", "goods_in_transit", "0.00", "7.00"),
}


def test_every_figure_of_one_order(db: Database, now: datetime) -> None:
    for envelope in STORY:
        tell(db, envelope, now)

    assert trial_balance(db) == BALANCE_AT_THE_END
    freight = {line for line in entries(db) if line[0][:6] in ("evt_07", "evt_08", "evt_09", "evt_11")}
    assert entries(db) - freight == PARCEL_ENTRIES
    assert ("evt_07.invoice.USD", "shipment.dispatched", "contract_liabilities", "0.00", "544.03") in freight
    assert ("evt_08.cost_of_sales.USD", "furniture.committed", "cost_of_sales", "210.00", "0.00") in freight
    assert len(freight) == 12


def test_nothing_is_booked_before_anything_leaves(db: Database, now: datetime) -> None:
    tell(db, o.told(o.confirmed(), "evt_03"), now)

    assert trial_balance(db) == {}
    assert entries(db) == set()


def test_revenue_waits_for_delivery(db: Database, now: datetime) -> None:
    for envelope in STORY[:9]:
        tell(db, envelope, now)

    balance = trial_balance(db)
    assert balance["contract_liabilities"] == ("0.00", "566.46")
    assert not {"revenue_goods", "revenue_shipping", "cost_of_sales"} & balance.keys()


def test_telling_everything_twice_changes_nothing(
    db: Database, now: datetime, emitted: Callable[[Database], list[Envelope]]
) -> None:
    for envelope in [*STORY, *reversed(STORY)]:
        tell(db, envelope, now)

    assert trial_balance(db) == BALANCE_AT_THE_END
    types = [event.type for event in emitted(db)]
    assert {each: types.count(each) for each in types} == {
        "journal.posted": 12,
        "invoice.drafted": 1,
        "invoice.posted": 2,
    }


def test_any_order_of_events_gives_the_same_books(database_of: Callable[[str], Database], now: datetime) -> None:
    parcel = [STORY[3], STORY[4], STORY[5], STORY[9]]
    for number, order_of_events in enumerate(permutations([STORY[2], *parcel])):
        db = database_of(f"accounting{number}")
        for envelope in order_of_events:
            tell(db, envelope, now)

        told_in = [envelope.type for envelope in order_of_events]
        assert entries(db) == PARCEL_ENTRIES, told_in
        assert invoices(db) == {o.DRAFT: ("draft", "583.47"), o.PARCEL_INVOICE: ("draft", "24.05")}, told_in


def test_cost_of_sales_falls_into_the_period_of_delivery(db: Database, now: datetime) -> None:
    for envelope in (STORY[9], STORY[4]):
        tell(db, envelope, now)

    at = {line.entry_id: line.at for line in list_entries(o.ORDER, db).items}
    assert at["evt_05.cost_of_sales.USD"] == at["evt_10.revenue.USD"] == STORY[9].time
