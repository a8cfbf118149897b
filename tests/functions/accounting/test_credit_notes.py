"""Credit notes: what came back, on the invoices that charged it, with numbers of their own; reductions need none."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from functions.accounting.list_credit_notes import list_credit_notes
from functions.accounting.list_invoices import list_invoices
from functions.accounting.number_invoices import number_invoices
from functions.accounting.outstanding import outstanding
from functions.accounting.report_control_totals import report_control_totals
from shared.events import Envelope
from shared.storage import Database
from tests.functions.accounting import european_order as eu
from tests.functions.accounting import one_order as o
from tests.functions.accounting.bookkeeping import entries, invoices, tell

Emitted = Callable[[Database], list[Envelope]]
CONFIRMED, LEAVES = o.told(eu.confirmed(), "evt_1"), o.told(eu.dispatched(), "evt_2", 1)
REDUCED = o.told(eu.reduced(), "evt_3", 2)
BACK = o.told(eu.returned(), "evt_4", 3)


def test_what_came_back_is_credited_on_its_invoice(db: Database, now: datetime, emitted: Emitted) -> None:
    for envelope in (CONFIRMED, LEAVES, BACK, BACK):
        tell(db, envelope, now)
    number_invoices(db, now)

    [note] = list_credit_notes(eu.ORDER, db).items
    assert (note.credit_note_id, note.return_id, note.seller) == (eu.CREDIT_NOTE, eu.RETURN, "ob-eu")
    assert (note.status, note.number, note.series) == ("issued", "ob-eu-C-2026-000001", "ob-eu-C-2026")
    assert (note.total, note.shipping, note.returned_at) == (eu.sek("250.00"), eu.sek("0.00"), BACK.time)
    assert [(line.quantity, line.net, line.tax_treatment) for line in note.lines] == [(1, eu.sek("200.00"), "oss")]
    assert [(each.invoice_id, each.number) for each in note.corrects] == [(eu.INVOICE, "ob-eu-2026-000001")]
    assert note.bill_to is not None
    assert note.bill_to.name == "Ada Lovelace"
    [told] = [event for event in emitted(db) if event.type == "invoice.credited"]
    assert told.data == {
        "order_id": eu.ORDER,
        "return_id": eu.RETURN,
        "credit_note_id": eu.CREDIT_NOTE,
        "number": "ob-eu-C-2026-000001",
        "series": "ob-eu-C-2026",
        "total": {"currency": "SEK", "amount": "250.00"},
    }
    assert invoices(db, eu.ORDER) == {eu.INVOICE: ("issued", "774.50")}, "an invoice never changes"


def test_a_credit_note_waits_for_its_invoices_number(db: Database, now: datetime, emitted: Emitted) -> None:
    tell(db, BACK, now)
    number_invoices(db, now + timedelta(days=1))

    [note] = list_credit_notes(eu.ORDER, db).items
    assert (note.status, note.number, note.corrects) == ("draft", None, ())
    assert outstanding(db) == {"unnumbered_invoices": 0, "unnumbered_credit_notes": 1}
    assert "invoice.credited" not in [event.type for event in emitted(db)]
    assert report_control_totals(db, now).totals["credit_notes.count"] == 0

    tell(db, LEAVES, now)
    tell(db, CONFIRMED, now)
    number_invoices(db, now)
    assert outstanding(db) == {"unnumbered_invoices": 0, "unnumbered_credit_notes": 0}
    totals = report_control_totals(db, now).totals
    assert (totals["credit_notes.count"], totals["credit_notes.SEK"]) == (1, 25000)


@pytest.mark.parametrize("story", [(CONFIRMED, REDUCED), (REDUCED, CONFIRMED), (CONFIRMED, REDUCED, REDUCED)])
def test_what_will_not_leave_is_off_the_draft_and_needs_no_credit_note(
    db: Database, now: datetime, story: tuple[Envelope, ...]
) -> None:
    for envelope in story:
        tell(db, envelope, now)

    [draft] = list_invoices(eu.ORDER, db).items
    assert (draft.status, draft.lines, draft.total) == ("draft", (eu.MUGS,), eu.sek("562.50"))
    assert (draft.shipping, draft.shipping_tax) == (eu.sek("50.00"), eu.sek("12.50"))
    assert list_credit_notes(eu.ORDER, db).items == []
    assert entries(db, eu.ORDER) == set()


def test_with_the_rest_invoiced_nothing_of_a_reduced_order_is_drafted(db: Database, now: datetime) -> None:
    mugs = eu.dispatched().model_copy(
        update={"lines": (eu.MUGS,), "goods_net": eu.sek("400.00"), "goods_tax": eu.sek("100.00")}
        | {"total": eu.sek("562.50")}
    )
    for envelope in (CONFIRMED, REDUCED, o.told(mugs, "evt_2", 3)):
        tell(db, envelope, now)

    assert invoices(db, eu.ORDER) == {eu.INVOICE: ("draft", "562.50")}
