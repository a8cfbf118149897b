"""Control totals come from accounting's own documents, up to a moment; a drift in them shows."""

from datetime import datetime, timedelta

from functions.accounting.ledger import AccountTotal
from functions.accounting.number_invoices import number_invoices
from functions.accounting.report_control_totals import report_control_totals
from shared.storage import Database, Transaction
from tests.functions.accounting import one_order as o
from tests.functions.accounting.bookkeeping import tell


def test_an_empty_ledger_adds_up_to_nothing(db: Database, now: datetime) -> None:
    answer = report_control_totals(db, now)

    assert (answer.service, answer.until) == ("accounting", now)
    assert answer.totals == {
        "entries.count": 0,
        "invoices_issued.count": 0,
        "credit_notes.count": 0,
        "totals_unexplained": 0,
    }


def test_entries_and_invoices_are_added_up_to_the_moment_asked_for(db: Database, now: datetime) -> None:
    tell(db, o.told(o.dispatched(o.PARCEL), "evt_04"), now)
    tell(db, o.told(o.captured(o.PARCEL), "evt_06"), now + timedelta(minutes=1))
    number_invoices(db, now + timedelta(minutes=16))

    first = report_control_totals(db, now + timedelta(hours=1), now)
    assert first.totals == {
        "entries.count": 1,
        "debit.USD": 2405,
        "credit.USD": 2405,
        "invoices_issued.count": 0,
        "credit_notes.count": 0,
        "totals_unexplained": 0,
    }
    assert report_control_totals(db, now + timedelta(hours=1)).totals == {
        "entries.count": 2,
        "debit.USD": 4810,
        "credit.USD": 4810,
        "invoices_issued.count": 1,
        "credit_notes.count": 0,
        "invoices_issued.total.USD": 2405,
        "totals_unexplained": 0,
    }


def test_a_total_that_no_entry_explains_is_told(db: Database, now: datetime) -> None:
    tell(db, o.told(o.dispatched(o.PARCEL), "evt_04"), now)
    drift = AccountTotal(key="receivables.USD.99", account="receivables", currency="USD", debit_minor=7, credit_minor=3)

    def plant(tx: Transaction) -> None:
        tx.put(drift)

    db.transact(plant)
    assert report_control_totals(db, now).totals["totals_unexplained"] == 10
