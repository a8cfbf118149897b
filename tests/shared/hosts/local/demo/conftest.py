"""One order of 57.51 USD that came out right, and the evidence around it."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.hosts.local.demo.answers import (
    Documents,
    Entry,
    Invoice,
    Message,
    Order,
    Payment,
    Reply,
    Reservation,
    Shipment,
)
from shared.hosts.local.demo.books import Reconciliation, Stock, TrialBalance
from shared.hosts.local.demo.judgement import Evidence
from shared.hosts.local.demo.orders import MOUNTAIN_VIEW, Basket, order
from shared.hosts.local.demo.story import Story
from shared.hosts.local.demo.totals import Change, Counted

BEGAN = datetime(2026, 11, 20, 8, tzinfo=UTC)
TOTAL = {"currency": "USD", "amount": "57.51"}
NOTHING = {"currency": "USD", "amount": "0.00"}


def after(milliseconds: int) -> str:
    return (BEGAN + timedelta(milliseconds=milliseconds)).isoformat()


def document(kind: Any, **fields: Any) -> Any:
    return kind.model_validate(fields)


@pytest.fixture
def documents() -> Documents:
    lines = [{"sku": "OLJCESPC7Z", "quantity": 2}, {"sku": "6E92ZMYYFZ", "quantity": 1}]
    legs = {"invoice": 60, "issue": 70, "capture": 80, "revenue": 110, "cost_of_sales": 111}
    return Documents(
        document(
            Order,
            order_id="ord_1",
            status="delivered",
            total=TOTAL,
            lines=lines,
            fraud={"decision": "approve", "score": 0},
            history=[{"type": "order.confirmed", "at": after(0)}, {"type": "shipment.planned", "at": after(30)}],
        ),
        [
            document(
                Shipment,
                shipment_id="shp_1-1",
                status="delivered",
                fulfilment="parcel",
                location="reno-us",
                parcels=[{"weight_g": 460}],
                carrier="boutique_parcel",
                planned_at=after(30),
                dispatched_at=after(50),
                delivered_at=after(100),
            )
        ],
        [document(Invoice, status="issued", number="2026-000001", total=TOTAL, issued_at=after(90))],
        [
            document(Payment, type="authorization", amount=TOTAL, status="authorized", at=after(8)),
            document(Payment, type="capture", amount=TOTAL, status="captured", at=after(75)),
        ],
        [
            document(Message, template=template, subject=f"Your order ord_1 {end}", status="sent", sent_at=after(at))
            for template, end, at in (
                ("order.confirmed", "is confirmed", 20),
                ("shipment.dispatched", "is on its way", 65),
            )
        ],
        [
            document(Entry, entry_id=f"evt_{leg}.{leg}.USD", cause="x", account=account, posted_at=after(at))
            for leg, at in legs.items()
            for account in ("receivables", "output_tax")
        ],
        {"inventory": document(Reservation, state="committed", lines=lines)},
    )


@pytest.fixture
def story(documents: Documents) -> Story:
    pieces = {"OLJCESPC7Z": 2, "6E92ZMYYFZ": 1}
    basket = Basket("plain", "2 sunglasses and a mug", "Easy.", order("a@example.com", "A B", MOUNTAIN_VIEW, pieces))
    body = {"status": "confirmed", "total": TOTAL, "fraud": {"score": 0}, "order_id": "ord_1"}
    return Story(basket, BEGAN, "57.51", [Reply(201, body, 14.2)], None, BEGAN, documents, 1)


def counted(orders: int, cents: int, on_hand: tuple[int, int]) -> Counted:
    totals = {
        "checkout": {"orders.count": orders, "orders.total.USD": cents, "refused.count": 0},
        "order_management": {"orders.count": orders, "delivered.count": orders, "approved.count": 0},
        "fraud": {"transactions.count": orders},
        "payment": {"authorized.USD": cents, "captured.USD": cents, "captured.count": orders},
        "inventory": {"movements.OLJCESPC7Z": on_hand[0], "movements.6E92ZMYYFZ": on_hand[1]},
        "accounting": {
            "entries.count": 15 + 5 * orders,
            "invoices_issued.count": orders,
            "invoices_issued.total.USD": cents,
        },
        "warehouse": {"planned.count": orders, "dispatched.count": orders, "delivered.count": orders},
    }
    stock = {
        sku: Stock(sku=sku, on_hand=pieces, reserved=0)
        for sku, pieces in zip(("OLJCESPC7Z", "6E92ZMYYFZ"), on_hand, strict=True)
    }
    return Counted(totals, Counter({"data_warehouse": 45 + 20 * orders}), 0, 0, stock)


@pytest.fixture
def books() -> TrialBalance:
    sides = [("bank_clearing:sandbox", TOTAL, NOTHING, "57.51"), ("revenue_goods", NOTHING, TOTAL, "-57.51")]
    sides += [("receivables", TOTAL, TOTAL, "0.00")]
    accounts = [
        {
            "account": account,
            "currency": "USD",
            "debit": debit,
            "credit": credit,
            "balance": {"currency": "USD", "amount": balance},
        }
        for account, debit, credit, balance in sides
    ]
    return document(TrialBalance, accounts=accounts, balanced=True)  # type: ignore[no-any-return]


@pytest.fixture
def evidence(story: Story, books: TrialBalance) -> Evidence:
    change = Change(counted(0, 0, (3000, 3000)), counted(1, 5751, (2998, 2999)))
    return Evidence([story], change, books, Reconciliation(balanced=True, differences=[], checked=45))
