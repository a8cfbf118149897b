"""From event to entry: every figure, as an accountant would check it. Amounts are in the currency of the books."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import permutations

import pytest

from functions.accounting.accounts import account_of
from functions.accounting.get_trial_balance import get_trial_balance
from functions.accounting.ledger import JournalEntry
from shared.events import Envelope, Event
from shared.events.inventory import AdjustedLine, InventoryAdjusted, InventoryReceived
from shared.events.payment import PaymentCaptured, PaymentChargedBack, PaymentPaidOut
from shared.storage import Database
from shared.values.money import Money
from tests.functions.accounting import european_order as eu
from tests.functions.accounting import one_order as o
from tests.functions.accounting.bookkeeping import tell

Lines = list[tuple[str, str, str, str, str]]
"""(leg, entity, account, debit, credit)."""


def booked(db: Database, event_id: str) -> Lines:
    """What an event was booked as."""
    found = [entry for entry in db.query(JournalEntry, limit=500).items if entry.event_id == event_id]
    return sorted(
        (entry.leg, entry.entity, each.account, each.debit.amount, each.credit.amount)
        for entry in found
        for each in entry.postings
    )


def californian(event: Event) -> Event:
    """The American order's events as they are since lines say whose tax they bear."""
    lines = tuple(line.model_copy(update={"jurisdiction": "US-CA"}) for line in event.lines)  # type: ignore[attr-defined]
    return event.model_copy(update={"lines": lines, "seller": "ob-us"})


def received(location: str) -> InventoryReceived:
    cost = o.usd("2.40")
    return InventoryReceived(receipt_id="rcp_9", sku="MUG-1", location=location, quantity=10, unit_cost=cost)


def adjusted(*values: str, location: str = "reno-us") -> InventoryAdjusted:
    lines = [
        AdjustedLine(sku="MUG-1", location=location, delta=-1 if value[0] == "-" else 1, value=o.usd(value))
        for value in values
    ]
    return InventoryAdjusted(adjustment_id="adj_1", by="joe", reason="counted", lines=tuple(lines))


def charged_back() -> PaymentChargedBack:
    names = {"order_id": o.ORDER, "chargeback_id": "cbk_1", "payment_id": "pay_1", "reason": "not_received"}
    return PaymentChargedBack(**names, amount=o.usd("24.05"), fee=o.usd("15.00"), gateway="sandbox")


def paid_out(gross: Money, fees: Money, settled: Money) -> PaymentPaidOut:
    net = gross - fees
    return PaymentPaidOut(payout_id="pot_1", gateway="sandbox", gross=gross, fees=fees, net=net, settled=settled)


EXAMPLES: list[tuple[str, Event, Lines]] = [
    (
        "a sale in the currency of the books, with sales tax",
        californian(o.dispatched()),
        [
            ("invoice", "ob-us", "receivables", "24.05", "0.00"),
            ("invoice", "ob-us", "contract_liabilities", "0.00", "22.43"),
            ("invoice", "ob-us", "sales_tax:US-CA", "0.00", "1.62"),
        ],
    ),
    (
        "a sale in SEK in euro books: 774.50, 650.00 and 124.50 SEK at 10.73975, a cent is left",
        eu.dispatched(),
        [
            ("invoice", "ob-eu", "receivables", "72.12", "0.00"),
            ("invoice", "ob-eu", "contract_liabilities", "0.00", "60.52"),
            ("invoice", "ob-eu", "output_vat:SE", "0.00", "11.59"),
            ("invoice", "ob-eu", "rounding", "0.00", "0.01"),
        ],
    ),
    (
        "its delivery: 600.00 and 50.00 SEK, the cent comes back",
        eu.delivered(),
        [
            ("revenue", "ob-eu", "contract_liabilities", "60.52", "0.00"),
            ("revenue", "ob-eu", "revenue_goods", "0.00", "55.87"),
            ("revenue", "ob-eu", "revenue_shipping", "0.00", "4.66"),
            ("revenue", "ob-eu", "rounding", "0.01", "0.00"),
        ],
    ),
    (
        "its payment, which ob-us collects: 774.50 SEK are 72.12 EUR and, at 9.50, 81.53 USD",
        eu.captured(),
        [
            ("capture.ob-us", "ob-eu", "intercompany:ob-us", "72.12", "0.00"),
            ("capture.ob-us", "ob-eu", "receivables", "0.00", "72.12"),
            ("collection.ob-eu", "ob-us", "bank_clearing:sandbox", "81.53", "0.00"),
            ("collection.ob-eu", "ob-us", "intercompany:ob-eu", "0.00", "81.53"),
        ],
    ),
    (
        "a return: 200.00 net and 50.00 tax, 250.00 SEK are owed back",
        eu.returned(),
        [
            ("credit_note", "ob-eu", "sales_returns", "18.62", "0.00"),
            ("credit_note", "ob-eu", "output_vat:SE", "4.66", "0.00"),
            ("credit_note", "ob-eu", "refund_liability", "0.00", "23.28"),
        ],
    ),
    (
        "its refund, which ob-us pays: 250.00 SEK are 23.28 EUR and 26.32 USD",
        eu.refunded(),
        [
            ("refund.ob-us", "ob-eu", "refund_liability", "23.28", "0.00"),
            ("refund.ob-us", "ob-eu", "intercompany:ob-us", "0.00", "23.28"),
            ("repayment.ob-eu", "ob-us", "intercompany:ob-eu", "26.32", "0.00"),
            ("repayment.ob-eu", "ob-us", "bank_clearing:sandbox", "0.00", "26.32"),
        ],
    ),
    (
        "a chargeback and what the gateway asks for it",
        charged_back(),
        [
            ("chargeback", "ob-us", "chargebacks", "24.05", "0.00"),
            ("chargeback", "ob-us", "bank_clearing:sandbox", "0.00", "24.05"),
            ("fee", "ob-us", "payment_fees", "15.00", "0.00"),
            ("fee", "ob-us", "bank_clearing:sandbox", "0.00", "15.00"),
        ],
    ),
    (
        "a payout in the currency of the books",
        paid_out(o.usd("607.52"), o.usd("18.22"), o.usd("589.30")),
        [
            ("payout", "ob-us", "bank", "589.30", "0.00"),
            ("payout", "ob-us", "payment_fees", "18.22", "0.00"),
            ("payout", "ob-us", "bank_clearing:sandbox", "0.00", "607.52"),
        ],
    ),
    (
        "a day of more refunds than captures: the gateway takes from the bank",
        paid_out(Money("EUR", -2000), Money("EUR", 30), Money("EUR", -2030)),
        [
            ("payout", "ob-eu", "bank", "0.00", "20.30"),
            ("payout", "ob-eu", "payment_fees", "0.30", "0.00"),
            ("payout", "ob-eu", "bank_clearing:sandbox", "20.00", "0.00"),
        ],
    ),
    (
        "a payout of 774.50 SEK, 83.09 USD in the table, of which 79.00 USD arrive: 1.65 are lost in exchange",
        paid_out(eu.sek("774.50"), eu.sek("22.76"), o.usd("79.00")),
        [
            ("payout", "ob-us", "bank", "79.00", "0.00"),
            ("payout", "ob-us", "payment_fees", "2.44", "0.00"),
            ("payout", "ob-us", "exchange_differences", "1.65", "0.00"),
            ("payout", "ob-us", "bank_clearing:sandbox", "0.00", "83.09"),
        ],
    ),
    (
        "the returned mug is on the shelf again: 2.40 USD at 1.1305",
        eu.put_back(),
        [
            ("put_back", "ob-eu", "inventory", "2.12", "0.00"),
            ("put_back", "ob-eu", "cost_of_sales", "0.00", "2.12"),
        ],
    ),
    (
        "the same on a shelf of ob-us, which gets it at cost",
        eu.put_back("reno-us"),
        [
            ("put_back.ob-us", "ob-eu", "cost_of_sales", "0.00", "2.12"),
            ("put_back.ob-us", "ob-eu", "intercompany:ob-us", "2.12", "0.00"),
            ("supply_back.ob-eu", "ob-us", "intercompany:ob-eu", "0.00", "2.40"),
            ("supply_back.ob-eu", "ob-us", "inventory", "2.40", "0.00"),
        ],
    ),
    (
        "goods come in at Venlo: ten at 2.40 USD",
        received("venlo-nl"),
        [
            ("receipt", "ob-eu", "inventory", "21.23", "0.00"),
            ("receipt", "ob-eu", "goods_received", "0.00", "21.23"),
        ],
    ),
    (
        "two pieces are missing and one is found",
        adjusted("-3.10", "-3.10", "3.10"),
        [
            ("adjustment", "ob-us", "inventory", "0.00", "3.10"),
            ("adjustment", "ob-us", "inventory", "0.00", "3.10"),
            ("adjustment", "ob-us", "inventory", "3.10", "0.00"),
            ("adjustment", "ob-us", "stock_write_offs", "0.00", "3.10"),
            ("adjustment", "ob-us", "stock_write_offs", "3.10", "0.00"),
            ("adjustment", "ob-us", "stock_write_offs", "3.10", "0.00"),
        ],
    ),
]


@pytest.mark.parametrize(("event", "lines"), [case[1:] for case in EXAMPLES], ids=[case[0] for case in EXAMPLES])
def test_an_event_is_booked_as(db: Database, now: datetime, event: Event, lines: Lines) -> None:
    subject = getattr(event, "order_id", None)
    for left in (eu.dispatched(), o.dispatched()):
        if subject == left.order_id and event.type != "shipment.dispatched":
            tell(db, o.told(left, "evt_left"), now)
    tell(db, o.told(event, "evt_it", 1), now)

    assert booked(db, "evt_it") == sorted(lines)
    assert all(account_of(line[2]) for line in lines)
    assert get_trial_balance(db).balanced


def test_a_posting_keeps_what_was_converted(db: Database, now: datetime) -> None:
    tell(db, o.told(eu.dispatched(), "evt_it"), now)

    [entry] = db.query(JournalEntry).items
    originals = {each.account: each.original for each in entry.postings}
    assert (entry.entity, entry.currency, entry.entry_id) == ("ob-eu", "EUR", "evt_it.invoice.ob-eu.EUR")
    assert originals == {
        "receivables": eu.sek("774.50"),
        "contract_liabilities": eu.sek("650.00"),
        "output_vat:SE": eu.sek("124.50"),
        "rounding": None,
    }


def test_what_another_entity_had_in_stock_is_supplied_at_cost(db: Database, now: datetime) -> None:
    tell(db, o.told(eu.committed("reno-us"), "evt_left"), now)
    tell(db, o.told(eu.delivered(), "evt_there", 1), now)

    assert booked(db, "evt_left") == [
        ("cost_of_sales.ob-us", "ob-eu", "cost_of_sales", "4.25", "0.00"),
        ("cost_of_sales.ob-us", "ob-eu", "intercompany:ob-us", "0.00", "4.25"),
        ("issue", "ob-us", "goods_in_transit", "4.80", "0.00"),
        ("issue", "ob-us", "inventory", "0.00", "4.80"),
        ("supply.ob-eu", "ob-us", "goods_in_transit", "0.00", "4.80"),
        ("supply.ob-eu", "ob-us", "intercompany:ob-eu", "4.80", "0.00"),
    ]


def test_an_amount_without_any_rate_stays_in_its_currency(db: Database, now: datetime) -> None:
    paid = {"amount": {"currency": "KWD", "amount": "1.500"}}
    tell(db, o.told(californian(o.dispatched()), "evt_left"), now)
    captured = PaymentCaptured.model_validate({**o.captured().model_dump(), **paid})
    tell(db, o.told(captured, "evt_it"), now)

    assert booked(db, "evt_it") == [
        ("capture", "ob-us", "bank_clearing:sandbox", "1.500", "0.000"),
        ("capture", "ob-us", "receivables", "0.000", "1.500"),
    ]


STORY = [
    o.told(eu.confirmed(), "evt_1"),
    o.told(eu.dispatched(), "evt_2", 1),
    o.told(eu.committed("reno-us"), "evt_3", 2),
    o.told(eu.captured(), "evt_4", 3),
    o.told(eu.delivered(), "evt_5", 4),
    o.told(eu.returned(), "evt_6", 5),
    o.told(eu.put_back(), "evt_7", 6),
    o.told(eu.refunded(), "evt_8", 7),
]


def test_books_balance_per_entity_and_currency_in_any_order_of_events(
    database_of: Callable[[str], Database], now: datetime
) -> None:
    expected = None
    for number, story in enumerate(sampled(permutations(STORY))):
        db = database_of(f"accounting{number}")
        for count, envelope in enumerate(story):
            tell(db, envelope, now + timedelta(seconds=count))
        balance = get_trial_balance(db)
        found = {(line.entity, line.account): line.balance.amount for line in balance.accounts}

        assert balance.balanced, [each.type for each in story]
        assert {(line.entity, line.currency) for line in balance.accounts} == {("ob-us", "USD"), ("ob-eu", "EUR")}
        assert found == (expected or found), [each.type for each in story]
        expected = found
    assert expected is not None
    assert expected["ob-eu", "receivables"] == "0.00"
    assert (expected["ob-eu", "contract_liabilities"], expected["ob-us", "goods_in_transit"]) == ("0.00", "0.00")
    assert (expected["ob-eu", "rounding"], expected["ob-eu", "cost_of_sales"]) == ("0.00", "2.13")
    assert (expected["ob-eu", "output_vat:SE"], expected["ob-eu", "refund_liability"]) == ("-6.93", "0.00")


def sampled(orders: Iterable[tuple[Envelope, ...]]) -> list[tuple[Envelope, ...]]:
    """Every 617th of 40,320 orders: each event comes first, last and in between."""
    return list(orders)[::617]
