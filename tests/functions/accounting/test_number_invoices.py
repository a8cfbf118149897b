"""Numbers: gap-free per series, oldest first, never twice, with any number of runs at once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

from functions.accounting.invoices import UNADDRESSED, Invoice, InvoiceDraft, draft_of, finished
from functions.accounting.number_invoices import number_invoices
from functions.accounting.numbering import InvoiceSeries
from functions.accounting.outstanding import outstanding
from functions.accounting.post_shipment import post_shipment
from shared.events import Envelope
from shared.events.shipment import ShipmentDispatched
from shared.storage import Database, Transaction
from tests.functions.accounting import one_order as o

Emitted = Callable[[Database], list[Envelope]]


def leave(db: Database, count: int, now: datetime) -> None:
    """So many shipments of drafted orders leave, one a second."""
    bill_to = finished(shipment(0), InvoiceDraft(invoice_id="inv_0", order_id="ord_0"), now, now).bill_to

    def post_all(numbers: range) -> None:
        def work(tx: Transaction) -> None:
            for number in numbers:
                event = shipment(number)
                draft = draft_of(tx, event.order_id)
                draft.bill_to = bill_to
                tx.put(draft)
                post_shipment(event, o.told(event, f"evt_{number:06d}"), tx, now + timedelta(seconds=number))

        db.transact(work)

    for start in range(0, count, 20):
        post_all(range(start, min(start + 20, count)))


def shipment(number: int) -> ShipmentDispatched:
    names = {"order_id": f"ord_{number:06d}", "shipment_id": f"shp_{number:06d}-1"}
    return o.dispatched().model_copy(update=names)


def test_numbers_go_by_age_and_are_told(db: Database, now: datetime, emitted: Emitted) -> None:
    leave(db, 3, now)
    later = now + timedelta(minutes=1)
    number_invoices(db, later)

    numbered = db.query(Invoice, status="issued", order_by="posted_at").items
    assert [(each.invoice_id, each.number, each.series, each.issued_at) for each in numbered] == [
        ("inv_000000-1", "ob-us-2026-000001", "ob-us-2026", later),
        ("inv_000001-1", "ob-us-2026-000002", "ob-us-2026", later),
        ("inv_000002-1", "ob-us-2026-000003", "ob-us-2026", later),
    ]
    issued = [event for event in emitted(db) if event.type == "invoice.issued"]
    assert [(event.time, event.data["number"]) for event in issued] == [
        (later, "ob-us-2026-000001"),
        (later, "ob-us-2026-000002"),
        (later, "ob-us-2026-000003"),
    ]
    assert issued[0].data["total"] == {"currency": "USD", "amount": "24.05"}


def test_running_again_numbers_nothing(db: Database, now: datetime, emitted: Emitted) -> None:
    leave(db, 1, now)
    number_invoices(db, now)
    before = emitted(db)
    number_invoices(db, now)

    assert emitted(db) == before
    assert db.query(InvoiceSeries).items == [InvoiceSeries(series="ob-us-2026", last=1)]


def test_every_year_begins_a_series(db: Database, now: datetime) -> None:
    leave(db, 1, now)
    number_invoices(db, datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC))
    leave(db, 2, now)
    number_invoices(db, datetime(2027, 1, 1, tzinfo=UTC))

    assert [each.number for each in db.query(Invoice).items] == ["ob-us-2026-000001", "ob-us-2027-000001"]


def test_more_than_fit_one_commit_are_numbered_in_one_run(db: Database, now: datetime) -> None:
    leave(db, 450, now)
    number_invoices(db, now)

    assert numbers(db) == [f"ob-us-2026-{count:06d}" for count in range(1, 451)]
    assert outstanding(db) == {"unnumbered_invoices": 0, "unnumbered_credit_notes": 0}


def test_runs_at_once_leave_no_gap_and_give_no_number_twice(db: Database, now: datetime) -> None:
    begin, failed = Barrier(5), []

    def run(work: Callable[[], None]) -> None:
        try:
            begin.wait()
            work()
        except BaseException as error:
            failed.append(error)

    def number_often() -> None:
        for _ in range(15):
            number_invoices(db, now)

    threads = [Thread(target=run, args=(number_often,)) for _ in range(4)]
    threads.append(Thread(target=run, args=(lambda: leave(db, 120, now),)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    number_invoices(db, now)

    assert failed == []
    assert numbers(db) == [f"ob-us-2026-{count:06d}" for count in range(1, 121)]


def test_each_entity_has_a_series_of_its_own(db: Database, now: datetime) -> None:
    leave(db, 2, now)
    european = shipment(7).model_copy(update={"seller": "ob-eu"})
    db.transact(lambda tx: post_shipment(european, o.told(european, "evt_eu"), tx, now))
    number_invoices(db, now + UNADDRESSED)

    assert numbers(db) == ["ob-eu-2026-000001", "ob-us-2026-000001", "ob-us-2026-000002"]


def test_an_invoice_waits_for_its_order_and_no_longer_than_a_quarter_of_an_hour(db: Database, now: datetime) -> None:
    event = shipment(1)
    db.transact(lambda tx: post_shipment(event, o.told(event, "evt_1"), tx, now))

    number_invoices(db, now + timedelta(minutes=14))
    assert numbers(db) == [""]
    assert outstanding(db)["unnumbered_invoices"] == 1

    number_invoices(db, now + timedelta(minutes=15))
    assert numbers(db) == ["ob-us-2026-000001"]
    assert outstanding(db)["unnumbered_invoices"] == 0


def numbers(db: Database) -> list[str]:
    return sorted(each.number or "" for each in db.query(Invoice, limit=1000).items)
