"""Invoices: drafted, split by what leaves, made out to the billing profile; their totals sum to the order's."""

import json
from collections.abc import Callable
from datetime import datetime
from itertools import permutations

import pytest

from functions.accounting.amounts import Amounts, remainder
from functions.accounting.draft_invoice import draft_invoice
from functions.accounting.invoices import UNADDRESSED, Invoice, InvoiceDraft, Sale
from functions.accounting.list_invoices import list_invoices
from functions.accounting.number_invoices import number_invoices
from functions.accounting.outstanding import outstanding
from shared.errors import CallFailed
from shared.events import Envelope
from shared.storage import Database
from tests.functions.accounting import one_order as o
from tests.functions.accounting.bookkeeping import entries, invoices, tell
from tests.receipts import Recorded
from tests.scripted_calls import ScriptedCalls

Emitted = Callable[[Database], list[Envelope]]
CONFIRMED = o.told(o.confirmed(), "evt_03", 1)
PARCEL_LEAVES = o.told(o.dispatched(o.PARCEL), "evt_04", 2)
FREIGHT_LEAVES = o.told(o.dispatched(o.FREIGHT), "evt_07", 5)
CANCELLED = o.told(o.cancelled(), "evt_12", 6)


@pytest.mark.parametrize("event", [o.confirmed(), o.approved()], ids=["confirmed", "approved"])
def test_a_placed_order_is_drafted_whole_without_number_or_posting(
    db: Database, now: datetime, emitted: Emitted, event: o.OrderConfirmed | o.OrderApproved
) -> None:
    tell(db, o.told(event, "evt_03", 1), now)

    (draft,) = list_invoices(o.ORDER, db).items
    assert (draft.invoice_id, draft.status, draft.number, draft.posted_at) == (o.DRAFT, "draft", None, None)
    assert draft.lines == (o.MUGS, o.SOFA)
    assert (draft.shipping, draft.shipping_tax, draft.total) == (o.usd("64.99"), o.usd("4.71"), o.usd("607.52"))
    assert draft.bill_to is not None
    assert (draft.bill_to.name, draft.bill_to.address) == ("Ada Lovelace", o.OFFICE)
    assert entries(db) == set()
    (drafted,) = emitted(db)
    assert (drafted.type, drafted.data) == (
        "invoice.drafted",
        {"order_id": o.ORDER, "invoice_id": o.DRAFT, "total": {"currency": "USD", "amount": "607.52"}},
    )
    assert outstanding(db) == {"unnumbered_invoices": 0, "unnumbered_credit_notes": 0}


def test_drafting_again_asks_nobody_and_changes_nothing(db: Database, now: datetime, emitted: Emitted) -> None:
    tell(db, CONFIRMED, now)
    nobody, receipt = ScriptedCalls({}), Recorded()
    draft_invoice(o.confirmed(), CONFIRMED, db, nobody, receipt, now)

    assert nobody.made == []
    assert receipt.recorded
    assert len(emitted(db)) == 1


def test_without_crm_nothing_is_drafted_and_the_event_comes_again(db: Database, now: datetime) -> None:
    receipt = Recorded()
    with pytest.raises(CallFailed):
        draft_invoice(o.confirmed(), CONFIRMED, db, ScriptedCalls({o.PROFILE_ROUTE: CallFailed()}), receipt, now)

    assert not receipt.recorded
    assert list_invoices(o.ORDER, db).items == []


def test_what_leaves_is_split_from_the_draft_to_the_cent(db: Database, now: datetime) -> None:
    tell(db, CONFIRMED, now)
    tell(db, PARCEL_LEAVES, now)

    rest, parcel = list_invoices(o.ORDER, db).items
    assert (rest.invoice_id, rest.lines) == (o.DRAFT, (o.SOFA,))
    assert (rest.shipping, rest.shipping_tax, rest.total) == (o.usd("60.00"), o.usd("4.35"), o.usd("583.47"))
    assert (parcel.invoice_id, parcel.shipment_id, parcel.lines) == (o.PARCEL_INVOICE, o.PARCEL, (o.MUGS,))
    assert (parcel.status, parcel.number, parcel.posted_at) == ("draft", None, now)
    assert (parcel.supplied_at, parcel.total) == (PARCEL_LEAVES.time, o.usd("24.05"))
    assert parcel.bill_to is not None
    assert parcel.bill_to.address == o.OFFICE

    tell(db, FREIGHT_LEAVES, now)
    assert invoices(db) == {o.PARCEL_INVOICE: ("draft", "24.05"), o.FREIGHT_INVOICE: ("draft", "583.47")}
    assert outstanding(db) == {"unnumbered_invoices": 2, "unnumbered_credit_notes": 0}


def test_invoices_sum_to_the_order_in_any_order_of_events(
    database_of: Callable[[str], Database], now: datetime
) -> None:
    for number, order_of_events in enumerate(permutations([CONFIRMED, PARCEL_LEAVES, FREIGHT_LEAVES])):
        db = database_of(f"accounting{number}")
        placed = False
        for envelope in order_of_events:
            tell(db, envelope, now)
            placed = placed or envelope is CONFIRMED
            whole = sum(each.total.minor for each in list_invoices(o.ORDER, db).items)
            assert whole == 60752 or not placed

        assert invoices(db) == {o.PARCEL_INVOICE: ("draft", "24.05"), o.FREIGHT_INVOICE: ("draft", "583.47")}
        made_out_to = {each.bill_to.name for each in list_invoices(o.ORDER, db).items if each.bill_to}
        assert made_out_to == {"Ada Lovelace"}


def test_a_number_waits_until_the_invoice_is_made_out_to_the_billing_profile(db: Database, now: datetime) -> None:
    tell(db, PARCEL_LEAVES, now)
    number_invoices(db, now)
    assert invoices(db) == {o.PARCEL_INVOICE: ("draft", "24.05")}

    tell(db, CONFIRMED, now)
    number_invoices(db, now)
    made_out = db.get(Invoice, o.PARCEL_INVOICE)
    assert made_out is not None
    assert (made_out.number, made_out.bill_to.name) == ("ob-us-2026-000001", "Ada Lovelace")
    assert (made_out.bill_to.address, made_out.ship_to) == (o.OFFICE, o.HOME)


def test_an_invoice_with_a_number_never_changes(db: Database, now: datetime) -> None:
    tell(db, PARCEL_LEAVES, now)
    number_invoices(db, now + UNADDRESSED)
    before = db.get(Invoice, o.PARCEL_INVOICE)
    tell(db, CONFIRMED, now)

    assert before is not None
    assert before.bill_to.name == "Ada"
    assert db.get(Invoice, o.PARCEL_INVOICE) == before
    assert invoices(db) == {o.DRAFT: ("draft", "583.47"), o.PARCEL_INVOICE: ("issued", "24.05")}


@pytest.mark.parametrize("events", [(CONFIRMED, CANCELLED), (CANCELLED, CONFIRMED)], ids=["after", "before"])
def test_a_cancelled_order_has_no_draft(db: Database, now: datetime, events: tuple[Envelope, ...]) -> None:
    for envelope in events:
        tell(db, envelope, now)

    assert invoices(db) == {}


def test_an_unknown_order_has_no_invoices(db: Database) -> None:
    assert list_invoices("ord_unknown", db).items == []


def test_lines_of_one_sku_are_left_as_one() -> None:
    zero = o.usd("0.00")
    two = o.MUGS.model_copy(update={"quantity": 3, "net": o.usd("26.16"), "tax": o.usd("1.89")})
    whole = Amounts(lines=(o.MUGS, o.SOFA, two), shipping_net=zero, shipping_tax=zero, total=o.usd("565.87"))
    part = Amounts(lines=(two,), shipping_net=zero, shipping_tax=zero, total=o.usd("28.05"))

    left = remainder(whole, [part])
    assert left is not None
    assert left.lines == (o.MUGS, o.SOFA)
    assert left.total == o.usd("537.82")
    assert remainder(whole, [whole]) is None


def test_a_draft_of_before_entities_is_the_home_entitys(db: Database, now: datetime) -> None:
    before = InvoiceDraft(invoice_id=o.DRAFT, order_id=o.ORDER, parts=(o.PARCEL_INVOICE,)).model_dump(mode="json")
    old = {name: before[name] for name in ("invoice_id", "order_id", "parts")}
    read = InvoiceDraft.load(json.dumps({**old, "schema_version": 1}))

    assert (read.schema_version, read.sale, read.waiting) == (2, Sale(currency=""), ())
    assert read.sale is not None
    assert (read.sale.books.entity, read.sale.books.currency) == ("ob-us", "USD")
