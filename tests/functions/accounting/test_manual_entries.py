"""What people book: receivables that are given up, bills that were paid; and the chart that all entries keep to."""

from datetime import datetime, timedelta

import pytest

from functions.accounting.get_chart_of_accounts import get_chart_of_accounts
from functions.accounting.get_trial_balance import get_trial_balance
from functions.accounting.list_entries import list_entries
from functions.accounting.list_supplier_bills import list_supplier_bills
from functions.accounting.list_write_offs import list_write_offs
from functions.accounting.record_supplier_bill import RecordSupplierBill, record_supplier_bill
from functions.accounting.write_off_receivable import WriteOffAnswer, WriteOffReceivable, write_off_receivable
from shared.errors import IllegalTransition, Invalid, NotFound
from shared.storage import Database
from shared.values.money import Money
from tests.functions.accounting import european_order as eu
from tests.functions.accounting import one_order as o
from tests.functions.accounting.bookkeeping import tell


def give_up(db: Database, amount: Money, now: datetime, order_id: str = o.ORDER) -> WriteOffAnswer:
    command = WriteOffReceivable(order_id=order_id, amount=amount, by="joe", reason="card expired")
    return db.transact(lambda tx: write_off_receivable(command, tx, now))


def pay(db: Database, now: datetime, **changes: object) -> str:
    bill = {"entity": "ob-eu", "supplier": "parcelco", "reference": "R-77", "kind": "freight", "by": "joe"}
    command = RecordSupplierBill.model_validate({**bill, "amount": o.usd("12.00"), **changes})
    return db.transact(lambda tx: record_supplier_bill(command, tx, now)).bill_id


def balances(db: Database, entity: str) -> dict[str, str]:
    answer = get_trial_balance(db, entity)
    assert answer.balanced
    return {line.account: line.balance.amount for line in answer.accounts}


def test_a_receivable_is_given_up_in_part_and_then_the_rest(db: Database, now: datetime) -> None:
    tell(db, o.told(o.dispatched(), "evt_1"), now)

    assert give_up(db, o.usd("20.00"), now).still_owed == o.usd("4.05")
    assert give_up(db, o.usd("4.05"), now).still_owed == o.usd("0.00")
    assert (balances(db, "ob-us")["receivables"], balances(db, "ob-us")["bad_debts"]) == ("0.00", "24.05")
    with pytest.raises(IllegalTransition):
        give_up(db, o.usd("0.01"), now)


def test_in_another_currency_the_amount_owed_is_the_invoices_own(db: Database, now: datetime) -> None:
    tell(db, o.told(eu.dispatched(), "evt_1"), now)

    assert give_up(db, eu.sek("774.50"), now, eu.ORDER).still_owed == eu.sek("0.00")
    assert (balances(db, "ob-eu")["receivables"], balances(db, "ob-eu")["bad_debts"]) == ("0.00", "72.12")


def test_what_is_paid_or_was_never_owed_is_not_given_up(db: Database, now: datetime) -> None:
    with pytest.raises(NotFound):
        give_up(db, o.usd("1.00"), now)
    tell(db, o.told(o.dispatched(), "evt_1"), now)
    tell(db, o.told(o.captured(), "evt_2"), now)
    for amount in (o.usd("0.01"), eu.sek("0.01")):
        with pytest.raises(IllegalTransition):
            give_up(db, amount, now)
    with pytest.raises(Invalid):
        give_up(db, o.usd("-1.00"), now)
    assert "bad_debts" not in balances(db, "ob-us")


def test_write_offs_are_listed_with_who_gave_up_what_and_why(db: Database, now: datetime) -> None:
    tell(db, o.told(o.dispatched(), "evt_1"), now)
    tell(db, o.told(eu.dispatched(), "evt_2"), now)
    later = now + timedelta(days=40)
    first, second = give_up(db, o.usd("20.00"), now), give_up(db, eu.sek("774.50"), later, eu.ORDER)
    with pytest.raises(IllegalTransition):
        give_up(db, o.usd("5.00"), later)

    listed = list_write_offs(db).items
    assert [(each.write_off_id, each.order_id, each.amount, each.written_off_at) for each in listed] == [
        (second.write_off_id, eu.ORDER, eu.sek("774.50"), later),
        (first.write_off_id, o.ORDER, o.usd("20.00"), now),
    ], "not what was refused"
    assert {(each.by, each.reason) for each in listed} == {("joe", "card expired")}
    assert list_write_offs(db, order_id=o.ORDER).items == listed[1:]
    assert list_write_offs(db, order_id=o.ORDER, since=later).items == []
    assert list_write_offs(db, since=later).items == list_write_offs(db, until=later).items[:1] == listed[:1]
    page = list_write_offs(db, limit=1)
    assert page.items + list_write_offs(db, limit=1, cursor=page.next_cursor).items == listed
    booked = [line for line in list_entries(o.ORDER, db).items if line.event_id == first.write_off_id]
    assert {(line.account, line.debit.amount, line.credit.amount) for line in booked} == {
        ("bad_debts", "20.00", "0.00"),
        ("receivables", "0.00", "20.00"),
    }


def test_bills_are_listed_with_who_booked_them(db: Database, now: datetime) -> None:
    pay(db, now)
    pay(db, now + timedelta(days=1), reference="R-78", kind="goods", amount=o.usd("7.00"))
    pay(db, now + timedelta(days=2))  # R-77, told again
    listed = list_supplier_bills(db).items
    assert [(each.reference, each.kind, each.amount, each.by) for each in listed] == [
        ("R-78", "goods", o.usd("7.00"), "joe"),
        ("R-77", "freight", o.usd("12.00"), "joe"),
    ]
    assert list_supplier_bills(db, until=now).items == listed[1:]


def test_a_bill_is_paid_from_the_bank_once(db: Database, now: datetime) -> None:
    for _ in range(2):
        assert pay(db, now) == "bil_parcelco.R-77"

    assert balances(db, "ob-eu") == {"bank": "-10.61", "freight": "10.61"}
    with pytest.raises(IllegalTransition):
        pay(db, now, amount=o.usd("13.00"))
    for wrong in ({"entity": "ob-nowhere"}, {"amount": o.usd("0.00")}, {"amount": Money("USD", 10**12 + 1)}):
        with pytest.raises(Invalid):
            pay(db, now, **wrong)


def test_a_suppliers_bill_settles_the_goods_received(db: Database, now: datetime) -> None:
    tell(db, o.told(o.mugs_received(), "evt_1"), now)
    pay(db, now, entity="ob-us", kind="goods", amount=o.usd("35.00"))

    assert balances(db, "ob-us") == {"bank": "-35.00", "goods_received": "0.00", "inventory": "35.00"}


def test_the_chart_has_a_number_type_and_side_for_every_account() -> None:
    rows = get_chart_of_accounts().items
    numbers = [row.number for row in rows]

    assert numbers == sorted(set(numbers))
    sides = {row.account: (row.number, row.type, row.normal_side) for row in rows}
    assert sides["bank"] == (1000, "asset", "debit")
    assert sides["bank_clearing:{gateway}"] == (1050, "asset", "debit")
    assert sides["sales_tax:{state}"] == (2320, "liability", "credit")
    assert sides["sales_returns"] == (4500, "revenue", "debit")
    assert sides["cost_of_sales"] == (5000, "expense", "debit")
    first = {"asset": 1, "liability": 2, "equity": 3, "revenue": 4, "expense": 5}
    assert [row.number // 1000 for row in rows] == [first[row.type] for row in rows]
